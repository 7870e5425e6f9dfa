/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Constants of the AP architecture: function codes, response codes, the status
 * word, the facility words of TAPQ and QCI. All packing is explicit: no
 * bit-fields, no casts, so that the byte order of the machine does not matter.
 */
#ifndef AP_WIRE_H
#define AP_WIRE_H

/* Function codes of PQAP: GR0 bits 32-39. */
#define AP_FC_TAPQ		0
#define AP_FC_RAPQ		1
#define AP_FC_ZAPQ		2
#define AP_FC_AQIC		3
#define AP_FC_QCI		4

#define AP_GR0_FC_SHIFT		24
#define AP_GR0_FC(gr0)		(((gr0) >> AP_GR0_FC_SHIFT) & 0xff)
#define AP_GR0_T		(1ULL << 23)
#define AP_GR0_F		(1ULL << 22)
#define AP_GR0_RESERVED		(0x7fULL << 16)	/* bits 41-47 without F */
#define AP_GR0_APQN(gr0)	((u16)((gr0) & 0xffff))

/* AQIC: GR1. */
#define AP_GR1_IR		(1ULL << 47)	/* bit 16: enable */
#define AP_GR1_ISC(gr1)		((u8)((gr1) & 7))	/* bits 61-63 */

/* The status word, as a 32-bit number. */
#define AP_STATUS_QUEUE_EMPTY	0x80000000u
#define AP_STATUS_REPLIES	0x40000000u
#define AP_STATUS_QUEUE_FULL	0x20000000u
#define AP_STATUS_ASYNC		0x02000000u
#define AP_STATUS_IRQ_ENABLED	0x01000000u
#define AP_STATUS_RC_SHIFT	16
#define AP_STATUS_RC(status)	((u8)(((status) >> AP_STATUS_RC_SHIFT) & 0xff))
#define AP_STATUS(rc)		((u32)(rc) << AP_STATUS_RC_SHIFT)

/* Response codes. */
#define AP_RC_NORMAL			0x00
#define AP_RC_Q_NOT_AVAIL		0x01
#define AP_RC_RESET_IN_PROGRESS		0x02
#define AP_RC_DECONFIGURED		0x03
#define AP_RC_CHECKSTOPPED		0x04
#define AP_RC_BUSY			0x05
#define AP_RC_INVALID_ADDRESS		0x06
#define AP_RC_OTHERWISE_CHANGED		0x07
#define AP_RC_INVALID_GISA		0x08
#define AP_RC_BOUND_TO_ANOTHER		0x09
#define AP_RC_STATE_CHANGE		0x0a
#define AP_RC_NOT_BOUND			0x0b
#define AP_RC_QUEUE_FULL		0x10
#define AP_RC_NO_PENDING_REPLY		0x10
#define AP_RC_INDEX_TOO_BIG		0x11
#define AP_RC_NO_FIRST_PART		0x13
#define AP_RC_MESSAGE_TOO_BIG		0x15
#define AP_RC_FACILITY_NOT_INSTALLED	0x16
#define AP_RC_SECRET_NOT_UNIQUE		0x35
#define AP_RC_ASSOC_FAILED		0x36
#define AP_RC_INVALID_DOMAIN		0x42

/* Facility bits, upper 32 bits of TAPQ's GR2 (and sysfs ap_functions). */
#define AP_FUNC_APSC		0x80000000u
#define AP_FUNC_MEX4K		0x40000000u
#define AP_FUNC_CRT4K		0x20000000u
#define AP_FUNC_CCA		0x10000000u
#define AP_FUNC_ACCEL		0x08000000u
#define AP_FUNC_EP11		0x04000000u
#define AP_FUNC_APXA		0x02000000u
#define AP_FUNC_STATELESS	0x01000000u
#define AP_FUNC_FULL		0x00800000u
#define AP_FUNC_RESTRICTED	0x00400000u

/* Adapter types. Queues of older types than CEX4 cannot be passed through. */
#define AP_TYPE_CEX4		10
#define AP_TYPE_CEX5		11
#define AP_TYPE_CEX6		12
#define AP_TYPE_CEX7		13
#define AP_TYPE_CEX8		14

/* The QCI block: 128 bytes, flags in the first word, masks leftmost bit first. */
#define AP_QCI_SIZE		128
#define AP_QCI_APSC		0x80000000u
#define AP_QCI_APXA		0x40000000u
#define AP_QCI_QACT		0x20000000u
#define AP_QCI_RC8A		0x10000000u
#define AP_QCI_APSB		0x00800000u
#define AP_QCI_NA_OFFSET	4	/* highest adapter number, one byte */
#define AP_QCI_ND_OFFSET	5	/* highest domain number, one byte */
#define AP_QCI_APM_OFFSET	16
#define AP_QCI_AQM_OFFSET	48
#define AP_QCI_ADM_OFFSET	80

#endif
