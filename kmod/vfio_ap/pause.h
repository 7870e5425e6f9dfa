/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Named places at which a test holds the driver, to force an interleaving.
 *
 * Without VFIO_AP_PAUSE nothing of it is compiled. With it, in debugfs:
 *
 *   echo NAME > vfio_ap/pause/arm       the next one who comes to NAME stays there
 *   cat vfio_ap/pause/waiting           the names where somebody waits, one per line
 *   echo NAME > vfio_ap/pause/release   let him go, and disarm
 *
 * The module parameter pause=NAME arms one before the module starts.
 */
#ifndef VFIO_AP_PAUSE_H
#define VFIO_AP_PAUSE_H

#ifdef VFIO_AP_PAUSE
void vfio_ap_pause(const char *name);
int vfio_ap_pause_start(void);
void vfio_ap_pause_stop(void);
#define PAUSE(name) vfio_ap_pause(name)
#else
static inline int vfio_ap_pause_start(void) { return 0; }
static inline void vfio_ap_pause_stop(void) { }
#define PAUSE(name) ((void)(name))
#endif

#endif
