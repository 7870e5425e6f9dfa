// SPDX-License-Identifier: GPL-2.0
#include <linux/spinlock.h>

#include "card_queue.h"
#include "topology.h"

/* Queue depth of all cards since CEX4. */
#define DEFAULT_DEPTH	8

/* Largest message: 12 KiB, since CEX8 24 KiB except for accelerators. */
#define ML_12K	3
#define ML_24K	6

static DEFINE_MUTEX(edit_mutex);
static struct ap_topology draft;	/* edit_mutex */

/* Nests inside everything: instructions take it with their queue's lock held. */
static DEFINE_SPINLOCK(machine_lock);
static struct ap_topology machine;	/* machine_lock; changed with edit_mutex, too */

static const u32 functions_of_mode[] = {
	[AP_MODE_ACCEL] = AP_FUNC_MEX4K | AP_FUNC_CRT4K | AP_FUNC_ACCEL |
			  AP_FUNC_APXA | AP_FUNC_FULL,
	[AP_MODE_CCA] = AP_FUNC_APSC | AP_FUNC_CCA | AP_FUNC_APXA |
			AP_FUNC_STATELESS | AP_FUNC_FULL,
	[AP_MODE_EP11] = AP_FUNC_EP11 | AP_FUNC_APXA | AP_FUNC_STATELESS | AP_FUNC_FULL,
};

u32 ap_adapter_functions(const struct ap_adapter *adapter)
{
	return functions_of_mode[adapter->mode];
}

static const struct {
	u8 apid;
	u8 type;
	enum ap_mode mode;
	u8 ml;
} default_adapters[] = {
	{ 0x01, AP_TYPE_CEX8, AP_MODE_ACCEL, ML_12K },
	{ 0x02, AP_TYPE_CEX8, AP_MODE_CCA, ML_24K },
	{ 0x03, AP_TYPE_CEX8, AP_MODE_EP11, ML_24K },
	{ 0x05, AP_TYPE_CEX7, AP_MODE_CCA, ML_12K },
	{ 0x0a, AP_TYPE_CEX7, AP_MODE_CCA, ML_12K },
};

static const u8 default_domains[] = { 0x04, 0x05, 0x06, 0x47, 0xab };
static const u8 default_control_only_domain = 0x10;

static void add_default_topology(struct ap_topology *t)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(default_adapters); i++) {
		struct ap_adapter *adapter = &t->adapters[default_adapters[i].apid];

		adapter->live = true;
		adapter->type = default_adapters[i].type;
		adapter->mode = default_adapters[i].mode;
		adapter->ml = default_adapters[i].ml;
	}
	for (i = 0; i < ARRAY_SIZE(default_domains); i++) {
		ap_mask_set(&t->config.host.aqm, default_domains[i]);
		ap_mask_set(&t->config.host.adm, default_domains[i]);
	}
	ap_mask_set(&t->config.host.adm, default_control_only_domain);
}

struct ap_adapter ap_adapter_default(void)
{
	return (struct ap_adapter){
		.mode = AP_MODE_CCA,
		.type = AP_TYPE_CEX8,
		.ml = ML_24K,
		.depth = DEFAULT_DEPTH,
		.configured = true,
	};
}

int ap_topology_init(bool empty)
{
	struct ap_topology *t = ap_topology_edit();
	unsigned int apid;

	t->config.flags = AP_QCI_APSC | AP_QCI_APXA | AP_QCI_QACT | AP_QCI_RC8A;
	t->config.has_qci = true;
	t->config.na = AP_IDS - 1;
	t->config.nd = AP_IDS - 1;
	for (apid = 0; apid < AP_IDS; apid++)
		t->adapters[apid] = ap_adapter_default();
	if (!empty)
		add_default_topology(t);
	return ap_topology_commit();
}

struct ap_topology *ap_topology_edit(void)
{
	mutex_lock(&edit_mutex);
	return &draft;
}

/* A queue's simulation outlives its adapter: data left in it stays there. */
static int create_missing_queues(const struct ap_topology *t)
{
	unsigned int apid, apqi;

	for (apid = 0; apid < AP_IDS; apid++) {
		if (!t->adapters[apid].live)
			continue;
		for_each_ap_id(apqi, &t->config.host.aqm) {
			if (!ap_card_queue_create(AP_APQN(apid, apqi)))
				return -ENOMEM;
		}
	}
	return 0;
}

static void count_adapters(struct ap_topology *t)
{
	unsigned int apid;

	t->config.host.apm = AP_MASK_EMPTY;
	for (apid = 0; apid < AP_IDS; apid++) {
		if (t->adapters[apid].live)
			ap_mask_set(&t->config.host.apm, apid);
	}
}

/* QCI has no room for numbers above its limits. */
static bool within_limits(const struct ap_topology *t)
{
	const struct ap_config_info *config = &t->config;
	struct ap_mask adapters = ap_mask_upto(config->na);
	struct ap_mask domains = ap_mask_upto(config->nd);
	struct ap_mask rest_of_apm = ap_mask_andnot(&config->host.apm, &adapters);
	struct ap_mask rest_of_aqm = ap_mask_andnot(&config->host.aqm, &domains);
	struct ap_mask rest_of_adm = ap_mask_andnot(&config->host.adm, &domains);

	return ap_mask_empty(&rest_of_apm) && ap_mask_empty(&rest_of_aqm) &&
	       ap_mask_empty(&rest_of_adm);
}

int ap_topology_commit(void)
{
	unsigned long flags;
	int ret = -EINVAL;

	lockdep_assert_held(&edit_mutex);
	count_adapters(&draft);
	if (within_limits(&draft))
		ret = create_missing_queues(&draft);
	if (ret) {
		draft = machine;
	} else {
		spin_lock_irqsave(&machine_lock, flags);
		machine = draft;
		spin_unlock_irqrestore(&machine_lock, flags);
	}
	mutex_unlock(&edit_mutex);
	return ret;
}

void ap_topology_read_adapter(u8 apid, struct ap_adapter *adapter)
{
	unsigned long flags;

	spin_lock_irqsave(&machine_lock, flags);
	*adapter = machine.adapters[apid];
	spin_unlock_irqrestore(&machine_lock, flags);
}

void ap_topology_read_config(struct ap_config_info *config)
{
	unsigned long flags;

	spin_lock_irqsave(&machine_lock, flags);
	*config = machine.config;
	spin_unlock_irqrestore(&machine_lock, flags);
}

bool ap_topology_has_queue(u16 apqn)
{
	unsigned long flags;
	bool has;

	spin_lock_irqsave(&machine_lock, flags);
	has = ap_matrix_has_queue(&machine.config.host, AP_APQN_APID(apqn), AP_APQN_APQI(apqn));
	spin_unlock_irqrestore(&machine_lock, flags);
	return has;
}
