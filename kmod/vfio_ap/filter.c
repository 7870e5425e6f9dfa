// SPDX-License-Identifier: GPL-2.0
/*
 * The filter: a function of its arguments and of nothing else, so that what a
 * guest sees never depends on the order in which things happened.
 */
#include "filter.h"

static bool adapter_passable(unsigned int apid, const struct ap_mask *domains,
			     ap_passable_fn passable, const void *context)
{
	unsigned int apqi;

	for_each_ap_id(apqi, domains)
		if (!passable(context, AP_APQN(apid, apqi)))
			return false;
	return true;
}

/**
 * ap_filter - compute the masks of a guest
 * @wanted: what is assigned to its device
 * @host: what the host has
 * @passable: whether a queue may be given to this guest
 * @context: for @passable
 * @shadow: out: the masks
 *
 * The masks of a guest are a product of adapters and domains, so one queue cannot
 * be left out alone: the whole adapter is, never a domain, since all adapters
 * would lose that.
 */
void ap_filter(const struct ap_matrix *wanted, const struct ap_matrix *host,
	       ap_passable_fn passable, const void *context, struct ap_matrix *shadow)
{
	unsigned int apid;

	shadow->apm = ap_mask_and(&wanted->apm, &host->apm);
	shadow->aqm = ap_mask_and(&wanted->aqm, &host->aqm);
	shadow->adm = ap_mask_and(&wanted->adm, &host->adm);
	for_each_ap_id(apid, &shadow->apm)
		if (!adapter_passable(apid, &shadow->aqm, passable, context))
			ap_mask_clear(&shadow->apm, apid);
}
