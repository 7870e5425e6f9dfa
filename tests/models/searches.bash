# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
#
# What is searched, and which defects must be found; see run for the two functions.
# The flags are described at the head of each model.

holds "S1 S3 E1 E2 E3 E5 E6 E7 E8 E9 E10 E11 E16 E17 F1" "open, close and remove under AQIC" attach_detach
holds "S1 E6 E9 B51" "the same where close does not wait for the guest, as on Linux 6.1" attach_detach -DLINUX_6_1
breaks "freed[0]&&freed[1]" "S0 E1" "remove gives up on a device in use" attach_detach -DS0_EARLY_RETURN
breaks "attached[owner]" "S0 E2 E6" "the hook changes without its lock" attach_detach -DE6_NO_HOOK_LOCK
breaks "attached[0]||attached[1]" "S1 E6" "the hook comes before the guest" attach_detach -DS1_HOOK_BEFORE_KVM
breaks "(apcb==0)" "S1 E9" "locks dropped for the masks, so a clear gets lost" attach_detach -DS1_DROPPED_LOCK
breaks "!(held[0])" "S1 E7" "two detaches test before either acts" attach_detach -DS1_TWO_DETACHES
breaks "!(held[0])" "S1 E7" "the second detach bails out and carries on" attach_detach -DS1_BAILS_OUT
breaks "!(freed[0])" "S1 E8" "a pointer taken away half way arms remove" attach_detach -DS1_ARMED_REMOVE
breaks "!(freed[hook_owner])" "F1" "the hook is set before the check for a second device" attach_detach -DF1_HOOK_BEFORE_CHECK
breaks deadlock "E17" "the hook lock is waited for with guests_lock held" attach_detach -DE17_HOOK_LOCK_INSIDE_G
breaks "apcb==2" "E9" "a late clear does not look who has the guest now" \
	attach_detach -DLINUX_6_1 -DE9_CLEAR_WITHOUT_LOOKING

holds "S3 E15 E10 B30 B43" "a queue moves between guests, one reopens" guest_sync -DMOVE -DREOPEN
holds "E6 B29" "a queue moves while guests enable interrupts and reset their devices" guest_sync -DMOVE -DACT
holds "E6 B29" "the bus takes a queue meanwhile" guest_sync -DTAKE -DACT
holds "E15 B30" "the host's configuration loses a queue and gets it back" guest_sync -DCONFIG -DREOPEN
holds "E15 B16 B22" "the bus takes a queue while the device is removed" guest_sync -DTAKE -DREMOVE
holds "E15 E9 B51" "a queue moves where close does not wait, as on Linux 6.1" guest_sync -DMOVE -DREOPEN -DLINUX_6_1
holds "E15 E9 B51" "the bus takes a queue where close does not wait" guest_sync -DTAKE -DREOPEN -DLINUX_6_1
breaks "apcb[0]==" "E15" "an update is lost that comes while the worker runs" guest_sync -DCONFIG -DE15_QUEUED_UNTIL_DONE
breaks deadlock "E15 B43" "one guest's busy lock stops the other" guest_sync -DMOVE -DB43_WAIT_FOR_GUEST_UNDER_G
breaks "residue[0]==" "B29" "a queue is handed on before its reset was verified" guest_sync -DMOVE -DB29_RESET_NOT_VERIFIED
breaks "resets[0]" "E6 B29" "a guest reaches a queue before its masks have it" guest_sync -DMOVE -DACT \
	-DB29_REACHED_TOO_EARLY
breaks "given[0]==0" "B22" "a guest that let go gets its queues again" guest_sync -DMOVE -DREMOVE -DB22_HALF_UNPLUG
breaks "!(freed)" "B16" "a queue keeps a pointer to its device" guest_sync -DTAKE -DREMOVE -DB16_BACK_POINTER

holds "S4 E18 E19 E20" "all orders of closing" close_orders
holds "S4 E18 E19 E20 B51" "the same on Linux 6.1" close_orders -DLINUX_6_1
breaks deadlock "S4 E19" "kvm-vfio is destroyed with the VM instead of released" close_orders -DS4_DESTROY_CALLS_BACK
breaks "!(kvm_vfio_freed)" "S4 E20" "destroy is called after release" close_orders -DE20_DESTROY_AFTER_RELEASE
breaks deadlock "B51" "open waits for the guest under the group lock" close_orders -DLINUX_6_1 -DB51_OPEN_WAITS_FOR_K
breaks deadlock "B51" "close waits for the worker under the group lock" close_orders -DLINUX_6_1 -DB51_CLOSE_FLUSHES
breaks "group_lock==(_pid+1)" "E18 F11" "the last reference is dropped under kvm->lock" close_orders -DLINUX_6_1 -DF11_PUT_UNDER_LOCK
breaks "group_lock==(_pid+1)" "E18" "the last reference is dropped under the group lock" close_orders -DLINUX_6_1 -DE18_PUT_IN_CLOSE

holds "S2 E11 E12 E13" "the facility goes, the VM stays" facility_release
breaks deadlock "S2 E12" "vCPUs are not kicked out" facility_release -DS2_NO_KICK
breaks "part[i]!=" "S2 E12" "vCPUs are kicked out but not kept out" facility_release -DS2_NOT_KEPT_OUT
breaks "part[i]==" "S2 E12" "parts are freed without vcpu->mutex" facility_release -DS2_NO_VCPU_MUTEX
breaks deadlock "S2 E12" "a vCPU that is kept out waits for kvm->lock" facility_release -DS2_SLOW_PATH_TAKES_K
breaks "part[1]!=" "S2 E13" "debugfs goes last" facility_release -DE13_DEBUGFS_LAST
breaks deadlock "S2 E13" "debugfs is drained under a lock of its readers" facility_release -DE13_DEBUGFS_UNDER_K

holds "B15 B36 F10 F16" "a page is unmapped, a queue reset, under AQIC" irq_unmap -DCARD -DRETRIES=2
holds "B18" "two threads unmap, another device is opened" irq_unmap -DTHREADS -DRETRIES=2
breaks deadlock "B18" "the state lock is held around a pin and taken to unmap" irq_unmap -DTHREADS -DB18_PIN_UNDER_STATE_LOCK
breaks deadlock "B18" "dma_unmap unpins itself" irq_unmap -DTHREADS -DB18_UNPIN_IN_CALLBACK
breaks deadlock "B18" "dma_unmap waits for the worker without end" irq_unmap -DTHREADS -DB18_WAIT_WITHOUT_END
breaks "refs[0]==0" "B15" "what a refused AQIC had got is forgotten" irq_unmap -DCARD -DB15_REFUSED_AND_FORGOTTEN
breaks "card_irq==2" "B36" "the page is freed before the card confirmed" irq_unmap -DCARD -DB36_FREED_UNCONFIRMED
breaks "card_irq==2" "B36" "the card refused to switch the interrupt off" irq_unmap -DCARD -DB36_DISABLE_WAS_REFUSED
breaks "retries<=" "B18" "a thread of the VMM unpins, and gets no processor" irq_unmap -DCARD -DB18_UNPINNED_BY_THE_VMM
breaks "retries<=" "B18" "the pinning thread is waited for, and gets no processor" irq_unmap -DCARD -DB18_PINNER_IS_WAITED_FOR
breaks "retries<=" "F16" "the page stays pinned" irq_unmap -DCARD -DF16_LEFT_PINNED
breaks "retries<=" "B18" "a page is pinned before its record is listed" irq_unmap -DCARD -DPINNED_BEFORE_LISTED

holds "B18" "two devices of a container pin without end while memory is unmapped" unmap_again -DRETRIES=2
breaks "retries<=" "B18" "pins are held off for a time, and the container is slower" unmap_again -DB18_PINS_HELD_OFF_FOR_A_TIME

holds "B18" "a thread that waits for type1's lock first gets no processor while memory is unmapped" unmap_starved
breaks "calls<=" "B18" "dma_unmap returns soon, each time" unmap_starved -DB18_SHORT_WAITS_ONLY
breaks deadlock "B18" "dma_unmap waits without a limit after its short waits" unmap_starved -DB18_NO_LONG_WAITS
breaks deadlock "B18" "somebody has type1's lock and wants the caller's in each of the last three calls" \
	unmap_starved -DOPENERS=3

holds "B18 S0" "devices are opened while memory is unmapped, and pin" unmap_opened
holds "B18 S0" "the same on Linux 6.1, where the container is told later" unmap_opened -DLINUX_6_1
breaks "calls<=" "B18" "each device counts for itself how often something stayed pinned" \
	unmap_opened -DB18_COUNTED_FOR_EACH_DEVICE
breaks "calls<=" "B18" "a device that is opened may pin at once" unmap_opened -DB18_OPENED_DEVICES_PIN
breaks "calls<=" "B18" "it may pin until the last call" unmap_opened -DB18_LATE_IS_TOO_LATE
holds "B18 S0" "mappings of other memory take the place of what is unmapped" unmap_opened -DCALLS=3 -DOPENS=1 -DREMAP=2
breaks "calls<=" "B18" "pins of other memory that have only begun are left alone" \
	unmap_opened -DCALLS=3 -DOPENS=1 -DREMAP=2 -DB18_BEGUN_PINS_STAY
