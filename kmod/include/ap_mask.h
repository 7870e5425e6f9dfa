/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Masks of adapter and domain numbers.
 *
 * The architecture numbers bits from the left: bit 0 is the most significant
 * bit of the first byte. Four 64-bit words keep that order on any machine,
 * whatever its byte order and word size.
 *
 * Pure code: also compiled into the unit tests in user space.
 */
#ifndef AP_MASK_H
#define AP_MASK_H

#ifdef __KERNEL__
#include <linux/string.h>
#include <linux/types.h>
#else
#include <stdbool.h>
#include <stdint.h>
#include <string.h>
typedef uint8_t u8;
typedef uint16_t u16;
typedef uint32_t u32;
typedef uint64_t u64;
#endif

#define AP_IDS		256	/* adapter numbers, and domain numbers */
#define AP_MASK_WORDS	4

/**
 * struct ap_mask - a set of adapter or domain numbers, 0 to 255
 * @w: words, leftmost number first
 */
struct ap_mask {
	u64 w[AP_MASK_WORDS];
};

#define AP_MASK_EMPTY	((struct ap_mask){ { 0, 0, 0, 0 } })

static inline u64 ap_mask_bit(unsigned int id)
{
	return 1ULL << (63 - id % 64);
}

static inline void ap_mask_set(struct ap_mask *m, unsigned int id)
{
	m->w[id / 64] |= ap_mask_bit(id);
}

static inline void ap_mask_clear(struct ap_mask *m, unsigned int id)
{
	m->w[id / 64] &= ~ap_mask_bit(id);
}

static inline bool ap_mask_test(const struct ap_mask *m, unsigned int id)
{
	return m->w[id / 64] & ap_mask_bit(id);
}

static inline bool ap_mask_empty(const struct ap_mask *m)
{
	return !(m->w[0] | m->w[1] | m->w[2] | m->w[3]);
}

static inline bool ap_mask_equal(const struct ap_mask *a, const struct ap_mask *b)
{
	return !memcmp(a, b, sizeof(*a));
}

static inline struct ap_mask ap_mask_and(const struct ap_mask *a, const struct ap_mask *b)
{
	struct ap_mask r;
	int i;

	for (i = 0; i < AP_MASK_WORDS; i++)
		r.w[i] = a->w[i] & b->w[i];
	return r;
}

static inline struct ap_mask ap_mask_or(const struct ap_mask *a, const struct ap_mask *b)
{
	struct ap_mask r;
	int i;

	for (i = 0; i < AP_MASK_WORDS; i++)
		r.w[i] = a->w[i] | b->w[i];
	return r;
}

/* The numbers of @a that are not in @b. */
static inline struct ap_mask ap_mask_andnot(const struct ap_mask *a, const struct ap_mask *b)
{
	struct ap_mask r;
	int i;

	for (i = 0; i < AP_MASK_WORDS; i++)
		r.w[i] = a->w[i] & ~b->w[i];
	return r;
}

static inline bool ap_mask_intersects(const struct ap_mask *a, const struct ap_mask *b)
{
	struct ap_mask r = ap_mask_and(a, b);

	return !ap_mask_empty(&r);
}

/* The numbers from 0 to @last. */
static inline struct ap_mask ap_mask_upto(unsigned int last)
{
	struct ap_mask r = AP_MASK_EMPTY;
	unsigned int id;

	for (id = 0; id <= last && id < AP_IDS; id++)
		ap_mask_set(&r, id);
	return r;
}

/* The first number of @m that is not below @id, AP_IDS if there is none. */
static inline unsigned int ap_mask_next(const struct ap_mask *m, unsigned int id)
{
	while (id < AP_IDS) {
		u64 rest = m->w[id / 64] & (~0ULL >> (id % 64));

		if (rest)
			return id / 64 * 64 + __builtin_clzll(rest);
		id = (id / 64 + 1) * 64;
	}
	return AP_IDS;
}

static inline unsigned int ap_mask_weight(const struct ap_mask *m)
{
	unsigned int id, n = 0;

	for (id = ap_mask_next(m, 0); id < AP_IDS; id = ap_mask_next(m, id + 1))
		n++;
	return n;
}

#define for_each_ap_id(id, m) \
	for ((id) = ap_mask_next((m), 0); (id) < AP_IDS; (id) = ap_mask_next((m), (id) + 1))

/**
 * struct ap_matrix - adapters, usage domains and control domains
 * @apm: adapters
 * @aqm: usage domains
 * @adm: control domains
 *
 * What a mediated device wants, what a guest gets (its APCB), what the host has.
 */
struct ap_matrix {
	struct ap_mask apm;
	struct ap_mask aqm;
	struct ap_mask adm;
};

static inline bool ap_matrix_equal(const struct ap_matrix *a, const struct ap_matrix *b)
{
	return !memcmp(a, b, sizeof(*a));
}

/* What both have. */
static inline struct ap_matrix ap_matrix_and(const struct ap_matrix *a, const struct ap_matrix *b)
{
	return (struct ap_matrix){
		.apm = ap_mask_and(&a->apm, &b->apm),
		.aqm = ap_mask_and(&a->aqm, &b->aqm),
		.adm = ap_mask_and(&a->adm, &b->adm),
	};
}

static inline bool ap_matrix_has_queue(const struct ap_matrix *m, unsigned int apid,
				       unsigned int apqi)
{
	return ap_mask_test(&m->apm, apid) && ap_mask_test(&m->aqm, apqi);
}

static inline bool ap_matrix_shares_queue(const struct ap_matrix *a, const struct ap_matrix *b)
{
	return ap_mask_intersects(&a->apm, &b->apm) && ap_mask_intersects(&a->aqm, &b->aqm);
}

/* APQN: adapter number in the upper byte, domain number in the lower one. */
#define AP_APQN(apid, apqi)	((u16)(((apid) & 0xff) << 8 | ((apqi) & 0xff)))
#define AP_APQN_APID(apqn)	((u8)((apqn) >> 8))
#define AP_APQN_APQI(apqn)	((u8)((apqn) & 0xff))

#endif
