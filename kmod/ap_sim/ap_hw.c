// SPDX-License-Identifier: GPL-2.0
/*
 * The operation table through which the vfio_ap driver reaches cards and bus.
 */
#include "clean.h"
#include "masks.h"
#include "scan.h"

static const struct ap_caller driver_caller = { .kind = AP_CALLER_DRIVER };

static u32 driver_tapq(u16 apqn, struct ap_tapq_info *info)
{
	return ap_hardware_tapq(&driver_caller, apqn, info);
}

static u32 driver_zapq(u16 apqn)
{
	return ap_hardware_zapq(&driver_caller, apqn);
}

static u32 driver_aqic(u16 apqn, const struct ap_aqic_request *request)
{
	return ap_hardware_aqic(&driver_caller, apqn, request);
}

/* The configuration of the last scan, so that it is what the callbacks start from. */
static const struct ap_hw ap_hw = {
	.qci = ap_scan_read_config,
	.tapq = driver_tapq,
	.zapq = driver_zapq,
	.aqic = driver_aqic,
	.owned_by_host = ap_matrix_owned_by_host,
	.hold = ap_clean_hold,
	.unhold = ap_clean_unhold,
};

const struct ap_hw *ap_hw_get(void)
{
	return &ap_hw;
}
EXPORT_SYMBOL_GPL(ap_hw_get);
