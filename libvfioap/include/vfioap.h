/* SPDX-License-Identifier: LGPL-2.1-or-later */
/**
 * @file vfioap.h
 * @brief libvfioap: hand IBM Z crypto queues to KVM guests, and take them back
 *
 * The kernel's vfio_ap driver makes mediated devices out of AP queues. This library
 * reads what there is, plans changes, makes them, and verifies that they were made.
 *
 * THE OBJECTS
 *
 *   vfioap_ctx          where to look (a root directory), how long to wait, who is told
 *   vfioap_host         an immutable snapshot: the AP bus, the driver, and the host's
 *     vfioap_card         crypto adapters,
 *     vfioap_queue        queues (one domain of one adapter), each with its owner,
 *     vfioap_device       mediated devices,
 *     vfioap_definition   stored definitions of devices,
 *     vfioap_owner        and who has a queue or uses a device
 *   vfioap_plan         changes: build, inspect, execute
 *     vfioap_step         one thing a plan does: usually one write to one sysfs file
 *   vfioap_configuration  what a host should be like: the configuration file
 *   vfioap_comparison   in what a host differs from that
 *   vfioap_explanation  why queues are as they are, and what would change that
 *     vfioap_finding      one such reason
 *   vfioap_diagnosis    what will hurt later
 *     vfioap_problem      one such thing
 *   vfioap_monitor      what happens on the bus and to the devices: a stream of
 *     vfioap_event        single events
 *   vfioap_error        what failed, why, whose queue it is, which command mends it
 *
 * AN EXAMPLE (compiled and run by tests/unit/test_example.c)
 *
 * @code
 *	struct vfioap_ctx *ctx = NULL;
 *	struct vfioap_plan *plan = NULL;
 *	struct vfioap_error *error = NULL;
 *	struct vfioap_matrix matrix = { 0 };
 *	char uuid[VFIOAP_UUID_SIZE];
 *
 *	if (vfioap_ids_parse("0x05", &matrix.adapters, &error) == 0 &&
 *	    vfioap_ids_parse("0x47,0xab", &matrix.domains, &error) == 0 &&
 *	    vfioap_uuid_from_name("web1", uuid, &error) == 0 &&
 *	    vfioap_ctx_new(&ctx, &error) == 0 &&
 *	    vfioap_ctx_set_root(ctx, root, &error) == 0 &&
 *	    vfioap_plan_new(ctx, VFIOAP_PLAN_PREVIEW, &plan, &error) == 0 &&
 *	    vfioap_plan_create(plan, uuid, &matrix, &error) == 0)
 *		for (size_t i = 0; i < vfioap_plan_get_num_steps(plan); i++)
 *			printf("%s\n", vfioap_step_get_path(vfioap_plan_get_step(plan, i)));
 *	else
 *		printf("%s\n", vfioap_error_get_message(error));
 *	vfioap_error_free(error);
 *	vfioap_plan_free(plan);
 *	vfioap_ctx_unref(ctx);
 * @endcode
 *
 * Without VFIOAP_PLAN_PREVIEW, vfioap_plan_execute() would make those changes.
 *
 * RULES FOR ALL FUNCTIONS
 *
 * Results. A function that can fail returns 0 or a negative errno. Its last parameter,
 *   struct vfioap_error **error, may be NULL; if it is not, *error is set when the
 *   function fails (to NULL only if there is no memory for it) and left alone when it
 *   succeeds. The caller frees it. -ENOMEM is possible everywhere and not listed below.
 *   Unless said otherwise, a function that fails has changed nothing, and has set no
 *   other result.
 * Ownership. What a function named _new, _read or vfioap_explain_* puts in its result
 *   parameter belongs to the caller, who frees it with the _free (or _unref) function of
 *   its class. Everything that a _get_ or _find_ function returns is borrowed: it lives as
 *   long as the object it was got from, unless said otherwise, and must not be freed.
 * NULL. _free and _unref functions accept NULL. All other pointers must not be NULL
 *   unless said otherwise.
 * Threads. The library has no global state. A context, and the plans made with it, may
 *   be used by one thread at a time; different contexts are independent. Snapshots,
 *   explanations and errors never change: any number of threads may read them.
 * The process. Nothing is printed, nothing is executed, no signal handler is installed.
 *   Only removing a device forks (see vfioap_plan_remove()).
 * Files. Every file is opened below the context's root directory.
 * Numbers. Adapter ids (APID) and domain ids (APQI) are 0 to 255. A queue is named by
 *   its APQN: adapter << 8 | domain. Times are milliseconds.
 * Strings are UTF-8 as the kernel or the process gave them, not checked further.
 */
#ifndef VFIOAP_H
#define VFIOAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#ifdef __cplusplus
extern "C" {
#endif

struct vfioap_card;
struct vfioap_comparison;
struct vfioap_configuration;
struct vfioap_ctx;
struct vfioap_definition;
struct vfioap_device;
struct vfioap_diagnosis;
struct vfioap_error;
struct vfioap_event;
struct vfioap_explanation;
struct vfioap_finding;
struct vfioap_host;
struct vfioap_monitor;
struct vfioap_owner;
struct vfioap_plan;
struct vfioap_problem;
struct vfioap_queue;
struct vfioap_sim;
struct vfioap_step;

/** The version of the library that runs, such as "0.1.0". Static. */
const char *vfioap_get_version(void);

/* ---- Sets of ids ------------------------------------------------------------------ */

/** How many adapter ids there are, and how many domain ids. */
#define VFIOAP_IDS 256

/**
 * A set of adapter ids or of domain ids. A value: copy it, compare it with
 * vfioap_ids_equal(), start from { 0 } for the empty set. Bit 0, the most significant
 * bit of w[0], is id 0: the order of the kernel's masks.
 */
struct vfioap_ids {
	uint64_t w[VFIOAP_IDS / 64];
};

/** Add @p id. Ids above 255 are ignored. */
void vfioap_ids_add(struct vfioap_ids *ids, unsigned int id);

/** Take @p id out. */
void vfioap_ids_remove(struct vfioap_ids *ids, unsigned int id);

/** True if @p id is in the set. */
bool vfioap_ids_has(const struct vfioap_ids *ids, unsigned int id);

/** True if the set is empty. */
bool vfioap_ids_empty(const struct vfioap_ids *ids);

/** True if both sets are the same. */
bool vfioap_ids_equal(const struct vfioap_ids *a, const struct vfioap_ids *b);

/** How many ids are in the set: 0 to 256. */
unsigned int vfioap_ids_count(const struct vfioap_ids *ids);

/** The least id of the set that is @p from or above; VFIOAP_IDS if there is none. */
unsigned int vfioap_ids_next(const struct vfioap_ids *ids, unsigned int from);

/** Loop over the ids of a set in ascending order. */
#define vfioap_ids_for_each(id, ids) \
	for ((id) = vfioap_ids_next((ids), 0); (id) < VFIOAP_IDS; \
	     (id) = vfioap_ids_next((ids), (id) + 1))

/** The ids that are in @p a or in @p b. */
struct vfioap_ids vfioap_ids_or(const struct vfioap_ids *a, const struct vfioap_ids *b);

/** The ids that are in @p a and in @p b. */
struct vfioap_ids vfioap_ids_and(const struct vfioap_ids *a, const struct vfioap_ids *b);

/** The ids that are in @p a and not in @p b. */
struct vfioap_ids vfioap_ids_minus(const struct vfioap_ids *a, const struct vfioap_ids *b);

/**
 * Read a list of ids as people write it: numbers and ranges, separated by commas, each
 * number decimal or hexadecimal with 0x: "5", "0x05", "1,3-5,0x0a-0x0c". No blanks.
 * A leading zero without x ("010", "05", "0a") is refused, because the kernel would take
 * it as octal; so are "", reversed ranges, ids above 255 and anything else.
 *
 * @param ids	set to the ids
 * @return -EINVAL (code VFIOAP_INVALID): the message quotes the offending part and says
 *	what was expected
 */
int vfioap_ids_parse(const char *text, struct vfioap_ids *ids, struct vfioap_error **error);

/** Digits after 0x that adapter ids are written with. */
#define VFIOAP_ADAPTER_DIGITS 2
/** Digits after 0x that domain ids are written with. */
#define VFIOAP_DOMAIN_DIGITS 4
/** Enough for any list that vfioap_ids_format() makes. */
#define VFIOAP_IDS_TEXT_SIZE 1024

/**
 * Write a list that vfioap_ids_parse() reads, in hexadecimal: "0x05,0x0a-0x0c"; "" for
 * the empty set.
 *
 * @param digits	VFIOAP_ADAPTER_DIGITS or VFIOAP_DOMAIN_DIGITS
 * @param text	of at least VFIOAP_IDS_TEXT_SIZE bytes
 */
void vfioap_ids_format(const struct vfioap_ids *ids, unsigned int digits,
		       char text[VFIOAP_IDS_TEXT_SIZE]);

/** "0x", 64 digits, and the terminator. */
#define VFIOAP_MASK_TEXT_SIZE 67

/**
 * Read a mask as the kernel's apmask, aqmask and ap_config show and take it: hexadecimal
 * digits, the leftmost bit is id 0, a short mask is continued with zeros at the right;
 * "0x" or "x" before it and one newline behind it may be left out.
 *
 * @return -EINVAL (code VFIOAP_INVALID): no digit, more than 64, or anything else
 */
int vfioap_ids_parse_mask(const char *text, struct vfioap_ids *ids, struct vfioap_error **error);

/** Write the mask as the kernel does: "0x" and 64 lower-case digits. */
void vfioap_ids_format_mask(const struct vfioap_ids *ids, char text[VFIOAP_MASK_TEXT_SIZE]);

/**
 * What a mediated device wants, what a guest gets, what the host has. Its queues are
 * all pairs of an adapter and a (usage) domain.
 */
struct vfioap_matrix {
	struct vfioap_ids adapters;
	struct vfioap_ids domains;
	struct vfioap_ids control_domains;
};

/** True if both are the same in all three parts. */
bool vfioap_matrix_equal(const struct vfioap_matrix *a, const struct vfioap_matrix *b);

/** True if the queue @p apqn is in the matrix. */
bool vfioap_matrix_has_queue(const struct vfioap_matrix *matrix, uint16_t apqn);

/** How many queues are in the matrix: 0 to 65536. */
unsigned int vfioap_matrix_count_queues(const struct vfioap_matrix *matrix);

/* ---- Names of queues -------------------------------------------------------------- */

/** The APQN of a queue. */
static inline uint16_t vfioap_apqn(unsigned int adapter, unsigned int domain)
{
	return (uint16_t)((adapter & 0xff) << 8 | (domain & 0xff));
}

/** The adapter id of a queue. */
static inline unsigned int vfioap_apqn_adapter(uint16_t apqn)
{
	return apqn >> 8;
}

/** The domain id of a queue. */
static inline unsigned int vfioap_apqn_domain(uint16_t apqn)
{
	return apqn & 0xff;
}

/** "05.0004" and the terminator. */
#define VFIOAP_APQN_TEXT_SIZE 8

/** Write the name of a queue as lszcrypt does: "05.0004". */
void vfioap_apqn_format(uint16_t apqn, char text[VFIOAP_APQN_TEXT_SIZE]);

/**
 * Read the name of one queue: two hexadecimal digits, a dot, four hexadecimal digits.
 *
 * @return -EINVAL (code VFIOAP_INVALID), the message quotes @p text
 */
int vfioap_apqn_parse(const char *text, uint16_t *apqn, struct vfioap_error **error);

/** In a struct vfioap_queue_pattern: every adapter, or every domain. */
#define VFIOAP_ANY (-1)

/** One queue, all queues of an adapter, or all queues of a domain. A value. */
struct vfioap_queue_pattern {
	int adapter;	/**< 0 to 255, or VFIOAP_ANY */
	int domain;	/**< 0 to 255, or VFIOAP_ANY */
};

/**
 * Read "05.0004", "05.*" or "*.0004".
 *
 * @return -EINVAL (code VFIOAP_INVALID), the message quotes @p text
 */
int vfioap_queue_pattern_parse(const char *text, struct vfioap_queue_pattern *pattern,
			       struct vfioap_error **error);

/** True if the pattern stands for the queue @p apqn, among others. */
bool vfioap_queue_pattern_matches(const struct vfioap_queue_pattern *pattern, uint16_t apqn);

/* ---- Names of devices ------------------------------------------------------------- */

/** 36 characters and the terminator. */
#define VFIOAP_UUID_SIZE 37

/** The namespace in which the name of a device makes its UUID (RFC 4122, version 5). */
#define VFIOAP_NAME_NAMESPACE "7b6f2a1e-5c0d-5d43-9f86-3c2a4e8d1b90"

/**
 * Read a UUID of 36 characters, in either case, and write it in lower case, which is
 * how the kernel shows it.
 *
 * @return -EINVAL (code VFIOAP_INVALID), the message quotes @p text
 */
int vfioap_uuid_parse(const char *text, char uuid[VFIOAP_UUID_SIZE], struct vfioap_error **error);

/**
 * Make up a random UUID (version 4).
 *
 * @return a negative errno of getrandom(2) (code VFIOAP_FAILED)
 */
int vfioap_uuid_random(char uuid[VFIOAP_UUID_SIZE], struct vfioap_error **error);

/**
 * The UUID of the device called @p name; the same name always gives the same UUID.
 *
 * @param name	[a-z][a-z0-9._-]{0,63}, not "all", not like a UUID or a queue
 * @return -EINVAL (code VFIOAP_INVALID): not a name; the message quotes it
 */
int vfioap_uuid_from_name(const char *name, char uuid[VFIOAP_UUID_SIZE],
			  struct vfioap_error **error);

/* ---- Errors ----------------------------------------------------------------------- */

/** What kind of failure; each is also a word, see vfioap_error_code_name(). */
enum vfioap_error_code {
	VFIOAP_FAILED = 1,	/**< "failed": any other failure */
	VFIOAP_IO,		/**< "io": the kernel shows something else than was written,
				 *   or reading failed */
	VFIOAP_PARTIAL,		/**< "partial": undoing a failed change failed too; the
				 *   message says what is left */
	VFIOAP_NOT_FOUND,	/**< "not_found": no such device or queue */
	VFIOAP_BUSY,		/**< "busy": in use; see the owner */
	VFIOAP_CONFLICT,	/**< "conflict": a queue belongs to another device, or a
				 *   device has other contents */
	VFIOAP_RESERVED,	/**< "reserved": a queue belongs to the host's drivers */
	VFIOAP_PERMISSION,	/**< "permission": not permitted */
	VFIOAP_UNSUPPORTED,	/**< "unsupported": no driver, no AP bus, or not with this
				 *   kernel or root directory */
	VFIOAP_INVALID,		/**< "invalid": a value makes no sense */
	VFIOAP_TIMEOUT,		/**< "timeout": waited in vain */
	VFIOAP_DRIFT,		/**< "drift": something differs from what it should be */
	VFIOAP_USAGE,		/**< "usage": for programs; the library does not return it */
};

/** The word for @p code, in lower case; "failed" for unknown ones. Static. */
const char *vfioap_error_code_name(enum vfioap_error_code code);

/** Free an error. */
void vfioap_error_free(struct vfioap_error *error);

/** What kind of failure it is. */
enum vfioap_error_code vfioap_error_get_code(const struct vfioap_error *error);

/** The errno, positive: what the function returned, with the sign changed. */
int vfioap_error_get_errno(const struct vfioap_error *error);

/**
 * The word for an errno: "EADDRINUSE"; NULL for unknown ones. Static.
 */
const char *vfioap_errno_name(int number);

/** What was being done: "create", "ap_config", "assign_adapter", "apmask", ...; or NULL. */
const char *vfioap_error_get_operation(const struct vfioap_error *error);

/** The file it was done to, with the root directory taken as /; or NULL. */
const char *vfioap_error_get_path(const struct vfioap_error *error);

/** How many queues the failure is about: 0 to 65536. */
size_t vfioap_error_get_num_queues(const struct vfioap_error *error);

/** APQN of the queue number @p index, in ascending order. @p index must be in range. */
uint16_t vfioap_error_get_queue(const struct vfioap_error *error, size_t index);

/** Who has the queues, uses the device, or holds the lock; or NULL. */
const struct vfioap_owner *vfioap_error_get_owner(const struct vfioap_error *error);

/**
 * What failed and why, for people: one line, no full stop at the end; control characters
 * of texts that it quotes are written as \xHH. Never NULL.
 */
const char *vfioap_error_get_message(const struct vfioap_error *error);

/** The vfioap-ctl command that mends it; or NULL. */
const char *vfioap_error_get_hint(const struct vfioap_error *error);

/* ---- Context ---------------------------------------------------------------------- */

/**
 * Make a context with one reference. Its root directory is /, its lock timeout is 10 s.
 *
 * @return -errno of open(2) on / (code VFIOAP_FAILED)
 */
int vfioap_ctx_new(struct vfioap_ctx **ctx, struct vfioap_error **error);

/** Take one more reference. Returns @p ctx. */
struct vfioap_ctx *vfioap_ctx_ref(struct vfioap_ctx *ctx);

/**
 * Drop a reference; the last one frees the context. Plans hold one. Returns NULL, for
 * ctx = vfioap_ctx_unref(ctx).
 */
struct vfioap_ctx *vfioap_ctx_unref(struct vfioap_ctx *ctx);

/**
 * Work on the tree below the directory @p path (PATH/sys, PATH/proc, PATH/run, ...) from
 * now on. Links in the tree are followed as if PATH were /. With another directory than
 * /, the driver cannot be loaded or unloaded.
 *
 * @return -ENOENT, -ENOTDIR, -EACCES, ...: of open(2), code VFIOAP_NOT_FOUND,
 *	VFIOAP_INVALID, VFIOAP_PERMISSION or VFIOAP_FAILED
 */
int vfioap_ctx_set_root(struct vfioap_ctx *ctx, const char *path, struct vfioap_error **error);

/**
 * The same with a directory that is open already. @p fd remains the caller's.
 *
 * @return -EBADF, -ENOTDIR, -EMFILE (code VFIOAP_FAILED)
 */
int vfioap_ctx_set_root_fd(struct vfioap_ctx *ctx, int fd, struct vfioap_error **error);

/** How much a log message matters. */
enum vfioap_log_level {
	VFIOAP_LOG_WARNING,	/**< something is odd, the library carries on */
	VFIOAP_LOG_INFO,	/**< what is changed: each write */
	VFIOAP_LOG_DEBUG,	/**< what is read */
};

/**
 * Gets the log messages, one line each without newline, while a function of the library
 * runs. Must not call functions on the same context.
 */
typedef void (*vfioap_log_fn)(enum vfioap_log_level level, const char *message, void *data);

/** Have @p log called for messages up to @p level; NULL (the start value): nobody. */
void vfioap_ctx_set_log(struct vfioap_ctx *ctx, enum vfioap_log_level level, vfioap_log_fn log,
			void *data);

/**
 * Called while a function waits (for the lock file, for a guest to let go), about every
 * 250 ms, and before each step of a plan. Must not call functions on the same context.
 *
 * @param what		what goes on, for people: "waiting for guest web1 (pid 4711)"
 * @param elapsed	since the wait began
 * @param timeout	when it will end at the latest; VFIOAP_FOREVER: when it is over;
 *	0: this is no wait
 * @return 0 to carry on; anything else stops: the function undoes what it did and
 *	returns -ECANCELED (code VFIOAP_FAILED)
 */
typedef int (*vfioap_progress_fn)(const char *what, unsigned int elapsed, unsigned int timeout,
				  void *data);

/** Have @p progress called; NULL (the start value): nobody. */
void vfioap_ctx_set_progress(struct vfioap_ctx *ctx, vfioap_progress_fn progress, void *data);

/**
 * How long to wait at most for the lock file /run/lock/s390apconfig.lock that chzdev,
 * lszdev and mdevctl's ap-check use, too. 0: try once.
 */
void vfioap_ctx_set_lock_timeout(struct vfioap_ctx *ctx, unsigned int milliseconds);

/* ---- Owners ----------------------------------------------------------------------- */

/** Who has a queue. */
enum vfioap_owner_kind {
	VFIOAP_OWNER_HOST,	/**< "host": reserved by apmask and aqmask for, or bound to,
				 *   one of the host's drivers */
	VFIOAP_OWNER_FREE,	/**< "free": vfio_ap may give it to a device, none has it */
	VFIOAP_OWNER_DEVICE,	/**< "device": a mediated device has it, no guest gets it */
	VFIOAP_OWNER_GUEST,	/**< "guest": a device has it and a guest gets it */
	VFIOAP_OWNER_PROCESS,	/**< "process": a process that is no guest (holder of the lock) */
	VFIOAP_OWNER_UNKNOWN,	/**< "unknown": in use, but no process was seen to use it; or
				 *   held by one of several devices that are being removed */
};

/** The word for @p kind, in lower case. Static. */
const char *vfioap_owner_kind_name(enum vfioap_owner_kind kind);

/** Who it is: tells which of the others below are set. */
enum vfioap_owner_kind vfioap_owner_get_kind(const struct vfioap_owner *owner);

/** UUID of the mediated device; or NULL. */
const char *vfioap_owner_get_uuid(const struct vfioap_owner *owner);

/** The name that the mediated device was given (vfioap_host_get_name()); or NULL. */
const char *vfioap_owner_get_name(const struct vfioap_owner *owner);

/** Name of the driver that the queue is bound to, such as "cex4queue"; or NULL. */
const char *vfioap_owner_get_driver(const struct vfioap_owner *owner);

/** The process (of a guest: the virtual machine monitor); 0 if not known. */
pid_t vfioap_owner_get_pid(const struct vfioap_owner *owner);

/** Its command name (/proc/PID/comm); or NULL. */
const char *vfioap_owner_get_process(const struct vfioap_owner *owner);

/** The file descriptor by which it uses the device; -1 if not known. */
int vfioap_owner_get_fd(const struct vfioap_owner *owner);

/** The guest's name (QEMU's -name); or NULL. */
const char *vfioap_owner_get_guest(const struct vfioap_owner *owner);

/** The guest's UUID (QEMU's -uuid); or NULL. */
const char *vfioap_owner_get_guest_uuid(const struct vfioap_owner *owner);

/* ---- Host ------------------------------------------------------------------------- */

/** Parts of a snapshot; the bus and the driver are always in it. */
enum vfioap_host_parts {
	VFIOAP_READ_CARDS = 1 << 0,	/**< cards and queues */
	VFIOAP_READ_DEVICES = 1 << 1,	/**< mediated devices */
	VFIOAP_READ_USERS = 1 << 2,	/**< who uses the devices: looks at /proc/PID/fd of
					 *   all processes; opens no VFIO file. Without
					 *   privilege, others' processes are not seen. */
	VFIOAP_READ_DEFINITIONS = 1 << 3, /**< stored definitions and names */
	VFIOAP_READ_ALL = 15,
	VFIOAP_READ_BINDINGS = 1 << 4,	/**< which cards and queues there are and which driver
					 *   has each, without looking into any of their
					 *   files; in VFIOAP_READ_CARDS, too */
};

/**
 * Take a snapshot. Objects that come or go meanwhile are in it or not. Without an AP
 * bus or a driver the snapshot is taken all the same, and says so. Without
 * VFIOAP_READ_DEVICES, no queue has an owner of kind device or guest; without
 * VFIOAP_READ_USERS a device is in use only if the kernel says so in a queue's status. Of
 * cards and queues of which only the bindings were read, nothing else is known: no type,
 * hwtype, serial or online; configured, not checkstopped.
 *
 * @param parts	or-ed VFIOAP_READ_*
 * @return -EACCES (code VFIOAP_PERMISSION), -EIO and others (VFIOAP_IO): a file of
 *	/sys/bus/ap or of /sys/devices/vfio_ap cannot be read or makes no sense; the path says which
 */
int vfioap_host_read(struct vfioap_ctx *ctx, unsigned int parts, struct vfioap_host **host,
		     struct vfioap_error **error);

/** Free a snapshot with everything in it. */
void vfioap_host_free(struct vfioap_host *host);

/** True if there is an AP bus (/sys/bus/ap). */
bool vfioap_host_has_bus(const struct vfioap_host *host);

/** True if the bus is the simulated one (/sys/module/ap_sim). */
bool vfioap_host_is_simulated(const struct vfioap_host *host);

/** True if vfio_ap is ready (/sys/devices/vfio_ap/matrix with its type). */
bool vfioap_host_has_driver(const struct vfioap_host *host);

/** What the bus can do (/sys/bus/ap/features): words, ended by NULL. Never NULL. */
const char *const *vfioap_host_get_bus_features(const struct vfioap_host *host);

/** What the driver can do (.../matrix/features): words, ended by NULL. Never NULL. */
const char *const *vfioap_host_get_driver_features(const struct vfioap_host *host);

/** How many more devices can be created (available_instances); -1 without driver. */
int vfioap_host_get_available_devices(const struct vfioap_host *host);

/** Highest adapter id of this machine (ap_max_adapter_id); -1 without bus. */
int vfioap_host_get_max_adapter(const struct vfioap_host *host);

/** Highest domain id of this machine (ap_max_domain_id); -1 without bus. */
int vfioap_host_get_max_domain(const struct vfioap_host *host);

/** The domain the host's drivers prefer (ap_domain); -1 if there is none. */
int vfioap_host_get_default_domain(const struct vfioap_host *host);

/**
 * What the host is configured with (ap_adapter_mask, ap_usage_domain_mask,
 * ap_control_domain_mask); empty where the bus says "not supported".
 */
const struct vfioap_matrix *vfioap_host_get_matrix(const struct vfioap_host *host);

/** Adapters whose bit is set in apmask. A queue belongs to the host's drivers if its
 *  adapter is in apmask and its domain in aqmask, and else to vfio_ap. */
const struct vfioap_ids *vfioap_host_get_apmask(const struct vfioap_host *host);

/** Domains whose bit is set in aqmask. */
const struct vfioap_ids *vfioap_host_get_aqmask(const struct vfioap_host *host);

/**
 * True if the queue @p apqn belongs to the host's drivers: because of the masks, or of its
 * driver_override. Overrides are in snapshots that were read with VFIOAP_READ_CARDS or
 * VFIOAP_READ_BINDINGS.
 */
bool vfioap_host_reserves(const struct vfioap_host *host, uint16_t apqn);

/** How many queues have a driver, as the bus counts (bindings); -1 without bus. */
int vfioap_host_get_bound_queues(const struct vfioap_host *host);

/** How many queues there are, as the bus counts (bindings); -1 without bus. */
int vfioap_host_get_total_queues(const struct vfioap_host *host);

/** How many cards are in the snapshot. */
size_t vfioap_host_get_num_cards(const struct vfioap_host *host);

/** Card number @p index, in the order of adapter ids; NULL if out of range. */
const struct vfioap_card *vfioap_host_get_card(const struct vfioap_host *host, size_t index);

/** The card with this adapter id; or NULL. */
const struct vfioap_card *vfioap_host_find_card(const struct vfioap_host *host,
						unsigned int adapter);

/** How many queues are in the snapshot. */
size_t vfioap_host_get_num_queues(const struct vfioap_host *host);

/** Queue number @p index, in the order of APQNs; NULL if out of range. */
const struct vfioap_queue *vfioap_host_get_queue(const struct vfioap_host *host, size_t index);

/** The queue with this APQN; or NULL. */
const struct vfioap_queue *vfioap_host_find_queue(const struct vfioap_host *host, uint16_t apqn);

/** How many mediated devices are in the snapshot. */
size_t vfioap_host_get_num_devices(const struct vfioap_host *host);

/** Device number @p index, in the order of UUIDs; NULL if out of range. */
const struct vfioap_device *vfioap_host_get_device(const struct vfioap_host *host, size_t index);

/** The device with this UUID, in either case; or NULL. */
const struct vfioap_device *vfioap_host_find_device(const struct vfioap_host *host,
						    const char *uuid);

/* ---- Cards (/sys/devices/ap/cardXX) ----------------------------------------------- */

/** What a card is made to do. */
enum vfioap_mode {
	VFIOAP_MODE_UNKNOWN,	/**< NULL: no driver has looked */
	VFIOAP_MODE_ACCEL,	/**< "accel": accelerator */
	VFIOAP_MODE_CCA,	/**< "cca": CCA coprocessor */
	VFIOAP_MODE_EP11,	/**< "ep11": EP11 coprocessor */
};

/** The word for @p mode; NULL for VFIOAP_MODE_UNKNOWN. Static. */
const char *vfioap_mode_name(enum vfioap_mode mode);

/** Its adapter id. */
unsigned int vfioap_card_get_adapter(const struct vfioap_card *card);

/** Such as "CEX8C" (type); NULL without driver. */
const char *vfioap_card_get_type(const struct vfioap_card *card);

/** 10 to 14 for CEX4 to CEX8 (hwtype); -1 if not known. */
int vfioap_card_get_hwtype(const struct vfioap_card *card);

/** What it is made to do: the last letter of its type. */
enum vfioap_mode vfioap_card_get_mode(const struct vfioap_card *card);

/** Serial number (serialnr); or NULL. */
const char *vfioap_card_get_serial(const struct vfioap_card *card);

/** Name of its driver (link in /sys/bus/ap/drivers/DRIVER); or NULL. */
const char *vfioap_card_get_driver(const struct vfioap_card *card);

/** 1 or 0 (online); -1 without driver. */
int vfioap_card_get_online(const struct vfioap_card *card);

/** False if it is deconfigured, that is, in standby (config). */
bool vfioap_card_is_configured(const struct vfioap_card *card);

/** True if it has stopped because of a failure (chkstop). */
bool vfioap_card_is_checkstopped(const struct vfioap_card *card);

/* ---- Queues (/sys/devices/ap/cardXX/XX.YYYY) -------------------------------------- */

/** Its APQN. */
uint16_t vfioap_queue_get_apqn(const struct vfioap_queue *queue);

/** The card it is on. */
const struct vfioap_card *vfioap_queue_get_card(const struct vfioap_queue *queue);

/** Name of its driver (link in /sys/bus/ap/drivers/DRIVER): "cex4queue", "vfio_ap"; or NULL. */
const char *vfioap_queue_get_driver(const struct vfioap_queue *queue);

/** 1 or 0 (online); -1 if its driver is not one of the host's. */
int vfioap_queue_get_online(const struct vfioap_queue *queue);

/** As its card was configured when the bus was last scanned (config). */
bool vfioap_queue_is_configured(const struct vfioap_queue *queue);

/** True if the card has stopped because of a failure (chkstop). */
bool vfioap_queue_is_checkstopped(const struct vfioap_queue *queue);

/** Who has it. Never NULL. */
const struct vfioap_owner *vfioap_queue_get_owner(const struct vfioap_queue *queue);

/* ---- Mediated devices (/sys/devices/vfio_ap/matrix/UUID) -------------------------- */

enum vfioap_device_state {
	VFIOAP_DEVICE_IDLE,	/**< "idle": nobody uses it */
	VFIOAP_DEVICE_IN_USE,	/**< "in_use": a process has it open */
	VFIOAP_DEVICE_REMOVING,	/**< "removing": being removed, until its user lets go */
};

/** The word for @p state, in lower case. Static. */
const char *vfioap_device_state_name(enum vfioap_device_state state);

/** In lower case. */
const char *vfioap_device_get_uuid(const struct vfioap_device *device);

/** Its directory in sysfs. */
const char *vfioap_device_get_path(const struct vfioap_device *device);

/**
 * Idle, in use or removing. A device that has lost its attributes and its link in
 * /sys/bus/mdev/devices is being removed.
 */
enum vfioap_device_state vfioap_device_get_state(const struct vfioap_device *device);

/**
 * What is assigned to it (ap_config, or matrix and control_domains). Empty while it is
 * being removed: the kernel does not tell any more; the queues' owners do.
 */
const struct vfioap_matrix *vfioap_device_get_matrix(const struct vfioap_device *device);

/**
 * What a guest gets, or would get (guest_matrix). Its control domains are those of
 * vfioap_device_get_matrix() that the host has, which the kernel does not show.
 */
const struct vfioap_matrix *vfioap_device_get_guest_matrix(const struct vfioap_device *device);

/** Number N of its VFIO group: /dev/vfio/N; -1 if there is none. */
int vfioap_device_get_iommu_group(const struct vfioap_device *device);

/** Its VFIO character device, "/dev/vfio/devices/vfioN"; NULL if there is none. */
const char *vfioap_device_get_cdev(const struct vfioap_device *device);

/**
 * How many processes use it, in the order of pids; 0 if it is idle. Where it is not idle
 * and no process was seen to use it, there is one user of kind VFIOAP_OWNER_UNKNOWN.
 */
size_t vfioap_device_get_num_users(const struct vfioap_device *device);

/** User number @p index: VFIOAP_OWNER_GUEST or _UNKNOWN; NULL if out of range. */
const struct vfioap_owner *vfioap_device_get_user(const struct vfioap_device *device,
						  size_t index);

/* ---- Stored definitions (/etc/mdevctl.d/matrix/UUID) ------------------------------ */

/*
 * What a device is to have when it is started. The files are mdevctl's: whatever one
 * program writes, the other reads. Names and labels are kept beside them, in
 * /etc/vfioap.d/UUID.json; those of a device that runs but is not defined in
 * /run/vfioap/UUID.json, which counts for nothing once the device is gone. A file that
 * cannot be read or makes no sense is set aside with the reason, and hides no other; so is
 * one that is no regular file, has more than 1 MiB, or has a name that is no lower-case UUID.
 */

/** Whether a device is started when the driver appears. */
enum vfioap_start {
	VFIOAP_START_ANY,	/**< nothing is said about it; no definition has that */
	VFIOAP_START_MANUAL,	/**< "manual": only when somebody starts it */
	VFIOAP_START_AUTO,	/**< "auto": when the driver appears */
};

/** The word for @p start, in lower case; NULL for VFIOAP_START_ANY. Static. */
const char *vfioap_start_name(enum vfioap_start start);

/** How many definitions are in the snapshot (needs VFIOAP_READ_DEFINITIONS). */
size_t vfioap_host_get_num_definitions(const struct vfioap_host *host);

/** Definition number @p index, in the order of UUIDs; NULL if out of range. */
const struct vfioap_definition *vfioap_host_get_definition(const struct vfioap_host *host,
							   size_t index);

/** The definition of the device with this UUID, in either case; or NULL. */
const struct vfioap_definition *vfioap_host_find_definition(const struct vfioap_host *host,
							    const char *uuid);

/** How many files were set aside. In a snapshot that a plan computed: 0. */
size_t vfioap_host_get_num_bad_files(const struct vfioap_host *host);

/**
 * Why file number @p index was set aside, in the order of paths; NULL if out of range. The
 * message starts with the path.
 */
const struct vfioap_error *vfioap_host_get_bad_file(const struct vfioap_host *host,
						    size_t index);

/** The name that the device with this UUID was given; or NULL. */
const char *vfioap_host_get_name(const struct vfioap_host *host, const char *uuid);

/** The label that the device with this UUID was given; or NULL. */
const char *vfioap_host_get_label(const struct vfioap_host *host, const char *uuid);

/**
 * The UUID of the device that was given this name; or NULL. A device that was not is the
 * one with vfioap_uuid_from_name().
 */
const char *vfioap_host_find_name(const struct vfioap_host *host, const char *name);

/** In lower case. */
const char *vfioap_definition_get_uuid(const struct vfioap_definition *definition);

/** The file, with the root directory taken as /. */
const char *vfioap_definition_get_path(const struct vfioap_definition *definition);

/** What the device is to have. */
const struct vfioap_matrix *
vfioap_definition_get_matrix(const struct vfioap_definition *definition);

/** Whether it is started when the driver appears. */
enum vfioap_start vfioap_definition_get_start(const struct vfioap_definition *definition);

/**
 * Read the text of a definition. Attributes are taken in their order, as the kernel would:
 * assign_*, unassign_* and ap_config, numbers with base 0 (so "010" is 8).
 *
 * @param uuid	of the device, in either case
 * @param text	@p length bytes; may lack the terminator
 * @param definition	set to the result, which the caller frees with
 *	vfioap_definition_free()
 * @return -EINVAL (code VFIOAP_INVALID): no JSON, not UTF-8, wrong types, another type of
 *	device, unknown attributes, values that the kernel would refuse; the message quotes
 *	the offending part
 */
int vfioap_definition_parse(const char *uuid, const char *text, size_t length,
			    struct vfioap_definition **definition, struct vfioap_error **error);

/** Free what vfioap_definition_parse() made. */
void vfioap_definition_free(struct vfioap_definition *definition);

/**
 * Write the text of a definition, to the byte as mdevctl does: adapters, domains, control
 * domains, in ascending order, decimal, without a newline at the end.
 *
 * @param text	set to the text, which the caller frees with free()
 * @return -ENOMEM (code VFIOAP_FAILED), nothing else
 */
int vfioap_definition_format(const struct vfioap_matrix *matrix, enum vfioap_start start,
			     char **text, struct vfioap_error **error);

/* ---- Explanations ----------------------------------------------------------------- */

/** Why a queue or a control domain is as it is. */
enum vfioap_reason {
	VFIOAP_REASON_EFFECTIVE,	/**< "effective": the guest has it */
	VFIOAP_REASON_IDLE,		/**< "idle": a guest that uses the device will get it */
	VFIOAP_REASON_REMOVING,		/**< "removing": its device is being removed */
	VFIOAP_REASON_NO_DRIVER,	/**< "no_driver": the device was unbound from its
					 *   driver; only removing it is left */
	VFIOAP_REASON_NO_ADAPTER,	/**< "no_adapter": the host has no such adapter */
	VFIOAP_REASON_NO_DOMAIN,	/**< "no_domain": the host has no such domain */
	VFIOAP_REASON_NO_QUEUE,		/**< "no_queue": the host has adapter and domain, but
					 *   not this queue */
	VFIOAP_REASON_HOST_DRIVER,	/**< "host_driver": bound to one of the host's drivers */
	VFIOAP_REASON_NOT_BOUND,	/**< "not_bound": vfio_ap may have it, but does not */
	VFIOAP_REASON_ADAPTER_FILTERED,	/**< "adapter_filtered": the whole adapter is left out
					 *   because of another of its queues */
	VFIOAP_REASON_DECONFIGURED,	/**< "deconfigured": the card is deconfigured */
	VFIOAP_REASON_CHECKSTOPPED,	/**< "checkstopped": the card is checkstopped */
	VFIOAP_REASON_RESETTING,	/**< "resetting": all is well with it, yet the driver
					 *   leaves it out: a reset has not been verified */
	VFIOAP_REASON_HOST,		/**< "host": the queue belongs to the host */
	VFIOAP_REASON_FREE,		/**< "free": the queue can be assigned to a device */
	VFIOAP_REASON_EMPTY,		/**< "empty": the device has no queues: adapters or
					 *   domains are missing */
	VFIOAP_REASON_UNKNOWN,		/**< "unknown": held by one of several devices that are
					 *   being removed */
};

/** The word for @p reason, in lower case. Static. */
const char *vfioap_reason_name(enum vfioap_reason reason);

/**
 * Explain every queue and control domain that is assigned to a device.
 *
 * @param host	read with VFIOAP_READ_ALL; must outlive the explanation
 * @param uuid	of the device
 * @return -ENOENT (code VFIOAP_NOT_FOUND): not in the snapshot;
 *	-EINVAL (code VFIOAP_INVALID): not a UUID
 */
int vfioap_explain_device(const struct vfioap_host *host, const char *uuid,
			  struct vfioap_explanation **explanation, struct vfioap_error **error);

/**
 * Explain one queue, whether it exists or not.
 *
 * @param host	read with VFIOAP_READ_ALL; must outlive the explanation
 * @return -ENOMEM (code VFIOAP_FAILED), nothing else
 */
int vfioap_explain_queue(const struct vfioap_host *host, uint16_t apqn,
			 struct vfioap_explanation **explanation, struct vfioap_error **error);

/** Free an explanation with its findings. */
void vfioap_explanation_free(struct vfioap_explanation *explanation);

/** How many findings there are: one for each group of queues with the same reason. */
size_t vfioap_explanation_get_num_findings(const struct vfioap_explanation *explanation);

/** Finding number @p index; those that need mending come first. NULL if out of range. */
const struct vfioap_finding *
vfioap_explanation_get_finding(const struct vfioap_explanation *explanation, size_t index);

/** The finding about this queue; NULL if it was not explained. */
const struct vfioap_finding *
vfioap_explanation_find_queue(const struct vfioap_explanation *explanation, uint16_t apqn);

/** The finding about this control domain; NULL if it was not explained. */
const struct vfioap_finding *
vfioap_explanation_find_control_domain(const struct vfioap_explanation *explanation,
				       unsigned int domain);

/** The reason that its queues or control domains share. */
enum vfioap_reason vfioap_finding_get_reason(const struct vfioap_finding *finding);

/** True if nothing needs mending. */
bool vfioap_finding_is_ok(const struct vfioap_finding *finding);

/** How many queues it is about; 0 if it is about control domains or the device. */
size_t vfioap_finding_get_num_queues(const struct vfioap_finding *finding);

/** APQN of queue number @p index, in ascending order. @p index must be in range. */
uint16_t vfioap_finding_get_queue(const struct vfioap_finding *finding, size_t index);

/** The control domains it is about; often empty. */
const struct vfioap_ids *vfioap_finding_get_control_domains(const struct vfioap_finding *finding);

/**
 * The queue because of which a whole adapter is left out.
 *
 * @param apqn	set to it
 * @return false if there is none, then @p apqn is left alone
 */
bool vfioap_finding_get_culprit(const struct vfioap_finding *finding, uint16_t *apqn);

/** Who has the queues, or uses the device; or NULL. */
const struct vfioap_owner *vfioap_finding_get_owner(const struct vfioap_finding *finding);

/** A sentence without full stop that does not name the queues themselves. Never NULL. */
const char *vfioap_finding_get_message(const struct vfioap_finding *finding);

/** The vfioap-ctl command that mends it; or NULL. */
const char *vfioap_finding_get_hint(const struct vfioap_finding *finding);

/* ---- Problems --------------------------------------------------------------------- */

/**
 * Look for what will hurt later: takes a snapshot and reads the rules that act at boot.
 * Changes nothing, takes no lock.
 *
 * @return what vfioap_host_read() returns
 */
int vfioap_diagnose(struct vfioap_ctx *ctx, struct vfioap_diagnosis **diagnosis,
		    struct vfioap_error **error);

/** Free a diagnosis with its problems. */
void vfioap_diagnosis_free(struct vfioap_diagnosis *diagnosis);

/** How many problems were found. */
size_t vfioap_diagnosis_get_num_problems(const struct vfioap_diagnosis *diagnosis);

/** Problem number @p index; NULL if out of range. */
const struct vfioap_problem *
vfioap_diagnosis_get_problem(const struct vfioap_diagnosis *diagnosis, size_t index);

/**
 * What kind of problem it is, a word in lower case: "no_bus", "no_driver", "stale_lock",
 * "forged_lock", "unbound_queues", "bad_definition", "conflicting_definitions",
 * "overlapping_definitions", "not_defined", "masks_change_at_boot", "mdevctl_rule_broken"; or, for
 * a device whose guest does not get all that was assigned, the vfioap_reason_name().
 */
const char *vfioap_problem_get_code(const struct vfioap_problem *problem);

/** What it is and what it will lead to: no newline, no full stop at the end. */
const char *vfioap_problem_get_message(const struct vfioap_problem *problem);

/** The vfioap-ctl command that mends it; or NULL. */
const char *vfioap_problem_get_hint(const struct vfioap_problem *problem);

/** The file or directory it is about, with the root directory taken as /; or NULL. */
const char *vfioap_problem_get_path(const struct vfioap_problem *problem);

/** UUID of the device it is about; or NULL. */
const char *vfioap_problem_get_uuid(const struct vfioap_problem *problem);

/** How many queues it is about. */
size_t vfioap_problem_get_num_queues(const struct vfioap_problem *problem);

/** APQN of queue number @p index, in ascending order. @p index must be in range. */
uint16_t vfioap_problem_get_queue(const struct vfioap_problem *problem, size_t index);

/* ---- Waiting ---------------------------------------------------------------------- */

/** What a device can be waited for to be. */
enum vfioap_condition {
	VFIOAP_WAIT_PRESENT,	/**< "present": it exists, with its attributes. Holds also if
				 *   there is no driver or no bus yet: that is waited for. */
	VFIOAP_WAIT_ABSENT,	/**< "absent": it does not exist, and is not being removed */
	VFIOAP_WAIT_IDLE,	/**< "idle": nobody uses it */
	VFIOAP_WAIT_IN_USE,	/**< "in-use": a process uses it */
	VFIOAP_WAIT_EFFECTIVE,	/**< "effective": it has queues, and a guest gets, or would
				 *   get, every one of them */
};

/** The word for @p condition; NULL for unknown ones. Static. */
const char *vfioap_condition_name(enum vfioap_condition condition);

/**
 * The condition that a word stands for.
 *
 * @return -EINVAL (code VFIOAP_INVALID), the message quotes @p text
 */
int vfioap_condition_parse(const char *text, enum vfioap_condition *condition,
			   struct vfioap_error **error);

/** As a timeout: wait for as long as it takes. */
#define VFIOAP_FOREVER 0xffffffffU

/**
 * Wait until a device is as wanted. Listens before it looks, so that a change between the
 * two is not missed; looks again whenever the kernel tells of a change and every 250 ms,
 * because not everything is told. Calls the context's progress function.
 *
 * @param uuid		of the device, in either case
 * @param timeout	in milliseconds; 0: look once; VFIOAP_FOREVER: no limit
 * @return 0: so it was when it was last looked at;
 *	-ETIMEDOUT (code VFIOAP_TIMEOUT): not in that time; the error says what was in the
 *	way, and its owner is the device's user;
 *	-ENOENT (VFIOAP_NOT_FOUND): there is no such device (any more), which can therefore
 *	become neither idle nor used nor effective;
 *	-ECANCELED, -EINTR (VFIOAP_FAILED): the progress function said so, or a signal came;
 *	-EINVAL (VFIOAP_INVALID): no UUID, or no condition;
 *	what vfioap_host_read() returns
 */
int vfioap_wait(struct vfioap_ctx *ctx, const char *uuid, enum vfioap_condition condition,
		unsigned int timeout, struct vfioap_error **error);

/* ---- Events ----------------------------------------------------------------------- */

/**
 * Begin to listen to what the kernel tells (uevents) of the AP bus, its cards and queues,
 * the driver, and its devices. libudev is loaded on first use; udevd need not run. To see
 * every change to a snapshot, begin to listen first and take the snapshot then.
 *
 * What the kernel does not tell: that a device is opened or closed, that its queues are
 * assigned, and that a reset ends.
 *
 * @return -EOPNOTSUPP (code VFIOAP_UNSUPPORTED): the root directory is not /, or there is
 *	no libudev; -errno of the netlink socket (VFIOAP_FAILED)
 */
int vfioap_monitor_new(struct vfioap_ctx *ctx, struct vfioap_monitor **monitor,
		       struct vfioap_error **error);

/** Stop listening. Events that were taken from it stay valid. */
void vfioap_monitor_free(struct vfioap_monitor *monitor);

/** A descriptor that poll(2) reports readable when there are events. The monitor's: do
 *  not read from it, nor close it. */
int vfioap_monitor_get_fd(const struct vfioap_monitor *monitor);

/**
 * Take the next event, without waiting.
 *
 * @param event	set to it, which the caller frees; or to NULL if there is none now
 * @return -errno of recvmsg(2) (code VFIOAP_FAILED)
 */
int vfioap_monitor_next(struct vfioap_monitor *monitor, struct vfioap_event **event,
			struct vfioap_error **error);

/** Free an event. */
void vfioap_event_free(struct vfioap_event *event);

/** What an event is about. */
enum vfioap_subject {
	VFIOAP_SUBJECT_BUS,	/**< "bus": the AP bus: a scan, new masks, all queues bound */
	VFIOAP_SUBJECT_CARD,	/**< "card" */
	VFIOAP_SUBJECT_QUEUE,	/**< "queue" */
	VFIOAP_SUBJECT_DRIVER,	/**< "driver": the parent of the devices, with vfio_ap */
	VFIOAP_SUBJECT_DEVICE,	/**< "device": a mediated device */
	VFIOAP_SUBJECT_LOST,	/**< "lost": more events came than the socket could hold, some
				 *   are missing here: take a new snapshot */
};

/** The word for @p subject, in lower case. Static. */
const char *vfioap_subject_name(enum vfioap_subject subject);

/** Number of the event: 1 for the first of its monitor, then one more each. */
uint64_t vfioap_event_get_sequence(const struct vfioap_event *event);

/** What it is about. */
enum vfioap_subject vfioap_event_get_subject(const struct vfioap_event *event);

/** What happened, in the kernel's word: "add", "remove", "change", "bind", "unbind";
 *  "lost" for VFIOAP_SUBJECT_LOST. */
const char *vfioap_event_get_action(const struct vfioap_event *event);

/** Directory in sysfs of what it is about; NULL for VFIOAP_SUBJECT_LOST. */
const char *vfioap_event_get_path(const struct vfioap_event *event);

/** Adapter of the card or queue; -1 if it is about something else. */
int vfioap_event_get_adapter(const struct vfioap_event *event);

/** APQN of the queue; -1 if it is about something else. */
int vfioap_event_get_apqn(const struct vfioap_event *event);

/** UUID of the device, in lower case; NULL if it is about something else. */
const char *vfioap_event_get_uuid(const struct vfioap_event *event);

/** How many more facts the kernel told. */
size_t vfioap_event_get_num_properties(const struct vfioap_event *event);

/** Name of fact number @p index: "CONFIG", "ONLINE", "APMASK", ...; NULL if out of range. */
const char *vfioap_event_get_property_name(const struct vfioap_event *event, size_t index);

/** Its value, without the newline that some have at the end; NULL if out of range. */
const char *vfioap_event_get_property_value(const struct vfioap_event *event, size_t index);

/* ---- Configurations --------------------------------------------------------------- */

/**
 * Read a configuration file, see vfioap.conf(5). Everything is checked: unknown keys are
 * errors, so are numbers out of range, devices that are named twice, and queues that two
 * devices want, or that a device wants and the pool of the file leaves to the host.
 *
 * @param text		the file, not necessarily terminated
 * @param length	of it, in bytes; at most 4 MiB
 * @param source	what it is called in messages and in the error's path
 * @return -EINVAL (code VFIOAP_INVALID): the message says where in the file, quotes the
 *	offending value and says what was expected
 */
int vfioap_configuration_parse(const char *text, size_t length, const char *source,
			       struct vfioap_configuration **configuration,
			       struct vfioap_error **error);

/**
 * Make an empty configuration: no pool, no devices.
 *
 * @return -ENOMEM (code VFIOAP_FAILED), nothing else
 */
int vfioap_configuration_new(struct vfioap_configuration **configuration,
			     struct vfioap_error **error);

/**
 * What the host is like now: its pool, if it has an AP bus, and its devices but for those
 * that are being removed; with the names they were given, and, where the definition is what
 * the device has, whether they are started with the host.
 *
 * @param host	read with VFIOAP_READ_DEVICES and, for the latter two, VFIOAP_READ_DEFINITIONS
 * @return -ENOMEM (code VFIOAP_FAILED), nothing else
 */
int vfioap_configuration_from_host(const struct vfioap_host *host,
				   struct vfioap_configuration **configuration,
				   struct vfioap_error **error);

/** Free a configuration. */
void vfioap_configuration_free(struct vfioap_configuration *configuration);

/**
 * Say which adapters and domains vfio_ap is to have all queues of: their bits in apmask
 * and aqmask will be clear, and all others set.
 *
 * @param adapters	NULL: nothing is said about them
 * @param domains	NULL: nothing is said about them
 */
void vfioap_configuration_set_pool(struct vfioap_configuration *configuration,
				   const struct vfioap_ids *adapters,
				   const struct vfioap_ids *domains);

/**
 * Add a device.
 *
 * @param uuid	in either case; NULL: made from @p name
 * @param name	NULL: it has none
 * @param matrix	what it is to have, no more and no less
 * @param start	VFIOAP_START_ANY, _MANUAL or _AUTO
 * @return -EINVAL (code VFIOAP_INVALID): neither UUID nor name, one of them makes no sense,
 *	or the device is in the configuration already
 */
int vfioap_configuration_add_device(struct vfioap_configuration *configuration, const char *uuid,
				    const char *name, const struct vfioap_matrix *matrix,
				    enum vfioap_start start, struct vfioap_error **error);

/**
 * Write the text that vfioap_configuration_parse() reads.
 *
 * @param text	set to it; the caller frees it with free(3)
 * @return -ENOMEM (code VFIOAP_FAILED), nothing else
 */
int vfioap_configuration_format(const struct vfioap_configuration *configuration, char **text,
				struct vfioap_error **error);

/**
 * The adapters and domains that vfio_ap is to have.
 *
 * @param adapters	set to them, if anything is said about adapters
 * @param domains	set to them, if anything is said about domains
 * @return or-ed VFIOAP_ADAPTERS and VFIOAP_DOMAINS: about what something is said
 */
unsigned int vfioap_configuration_get_pool(const struct vfioap_configuration *configuration,
					   struct vfioap_ids *adapters,
					   struct vfioap_ids *domains);

/** How many devices it names. */
size_t vfioap_configuration_get_num_devices(const struct vfioap_configuration *configuration);

/** UUID of device number @p index, in the order of the file. NULL if out of range. */
const char *vfioap_configuration_get_uuid(const struct vfioap_configuration *configuration,
					  size_t index);

/** Its name; NULL if it has none, or out of range. */
const char *vfioap_configuration_get_name(const struct vfioap_configuration *configuration,
					  size_t index);

/** What it is to have. NULL if out of range. */
const struct vfioap_matrix *
vfioap_configuration_get_matrix(const struct vfioap_configuration *configuration, size_t index);

/** Whether it is to be started with the host. VFIOAP_START_ANY if out of range. */
enum vfioap_start
vfioap_configuration_get_start(const struct vfioap_configuration *configuration, size_t index);

enum vfioap_apply_flags {
	VFIOAP_APPLY_PRUNE = 1 << 0,	/**< also remove devices that are not named */
};

/** How a host can differ from a configuration; each is also a word. */
enum vfioap_difference_kind {
	VFIOAP_DIFFERENCE_POOL,		/**< "pool": apmask or aqmask */
	VFIOAP_DIFFERENCE_MISSING,	/**< "missing": there is no such device, or it is
					 *   being removed */
	VFIOAP_DIFFERENCE_CONTENTS,	/**< "contents": it has other adapters or domains */
	VFIOAP_DIFFERENCE_NAME,		/**< "name": it is there, and called something else */
	VFIOAP_DIFFERENCE_STORED,	/**< "stored": its definition is missing, has other
					 *   contents or is started at other times */
	VFIOAP_DIFFERENCE_EXTRA,	/**< "extra": it is not named (VFIOAP_APPLY_PRUNE) */
};

/** The word for @p kind, in lower case. Static. */
const char *vfioap_difference_kind_name(enum vfioap_difference_kind kind);

/**
 * Compare a host with a configuration.
 *
 * @param host	read with VFIOAP_READ_DEVICES; what is stored, and names, are only compared
 *	with VFIOAP_READ_DEFINITIONS
 * @param flags	or-ed VFIOAP_APPLY_*
 * @return -ENOMEM (code VFIOAP_FAILED), nothing else
 */
int vfioap_configuration_compare(const struct vfioap_configuration *configuration,
				 const struct vfioap_host *host, unsigned int flags,
				 struct vfioap_comparison **comparison,
				 struct vfioap_error **error);

/** Free a comparison. */
void vfioap_comparison_free(struct vfioap_comparison *comparison);

/** How many differences there are; 0: the host is as it should be. */
size_t vfioap_comparison_get_num_differences(const struct vfioap_comparison *comparison);

/**
 * What kind of difference number @p index is: the pool first, then the devices in the order
 * of the configuration, then those that it does not name. @p index must be in range.
 */
enum vfioap_difference_kind
vfioap_comparison_get_kind(const struct vfioap_comparison *comparison, size_t index);

/** UUID of the device that differs; NULL for the pool. @p index must be in range. */
const char *vfioap_comparison_get_uuid(const struct vfioap_comparison *comparison, size_t index);

/* ---- The simulator ---------------------------------------------------------------- */

/**
 * A setting of the simulated machine: a file below /sys/kernel/config/ap_sim, whose README
 * describes them.
 */
struct vfioap_knob {
	int adapter;		/**< 0 to 255, or VFIOAP_ANY: it is one of the machine */
	int domain;		/**< 0 to 255, or VFIOAP_ANY: it is one of the adapter */
	const char *name;	/**< of the file */
	const char *value;	/**< its one line, without the newline */
};

/**
 * Read all settings of the simulated machine.
 *
 * @return -EOPNOTSUPP (VFIOAP_UNSUPPORTED): there is no simulated AP bus;
 *	-errno of reading a file
 */
int vfioap_sim_read(struct vfioap_ctx *ctx, struct vfioap_sim **sim,
		    struct vfioap_error **error);

/** Free them. */
void vfioap_sim_free(struct vfioap_sim *sim);

/** How many settings there are. */
size_t vfioap_sim_get_num_knobs(const struct vfioap_sim *sim);

/**
 * Setting number @p index: those of the machine, then adapter by adapter its own and those
 * of its queues. NULL if out of range.
 */
const struct vfioap_knob *vfioap_sim_get_knob(const struct vfioap_sim *sim, size_t index);

/**
 * What settings there are, whether there is a simulated machine or not.
 *
 * @param adapter	as in struct vfioap_knob; only whether it is VFIOAP_ANY counts
 * @param domain	likewise
 * @return the name of number @p index of those of the machine, of an adapter or of a queue;
 *	NULL if out of range. Static.
 */
const char *vfioap_sim_knob_name(int adapter, int domain, size_t index);

/* ---- Plans ------------------------------------------------------------------------ */

enum vfioap_plan_flags {
	VFIOAP_PLAN_PREVIEW = 1 << 0,	/**< only to inspect: takes no lock (so needs no
					 *   privilege), cannot be executed */
};

/**
 * Start a plan. Takes the lock file first (unless VFIOAP_PLAN_PREVIEW), the lock of the
 * stored definitions (/etc/mdevctl.d/matrix/.vfioap, by flock(2)), then a snapshot of the
 * host with all parts but VFIOAP_READ_CARDS, of which VFIOAP_READ_BINDINGS will do. Until
 * the plan is freed, chzdev, mdevctl's ap-check and other programs with this library wait;
 * so do not keep plans around.
 *
 * Changes are then added with the functions below. Each is checked against what the host
 * will be like after those added before, so that queues taken from one device can be
 * given to the next. A change that is refused leaves the plan as it was. A change that
 * asks for what is there already adds no step, and succeeds.
 *
 * @param flags	or-ed VFIOAP_PLAN_*
 * @return -ETIMEDOUT (code VFIOAP_TIMEOUT): the lock is held; the owner says by whom.
 *	-ECANCELED (VFIOAP_FAILED): the progress function said so.
 *	-EINTR (VFIOAP_FAILED): a signal came while waiting for the lock.
 *	-EACCES, -EPERM (VFIOAP_PERMISSION), -ENOENT and others (VFIOAP_FAILED): the lock
 *	file cannot be made.
 *	What vfioap_host_read() returns.
 */
int vfioap_plan_new(struct vfioap_ctx *ctx, unsigned int flags, struct vfioap_plan **plan,
		    struct vfioap_error **error);

/** Free a plan, and release the lock. What was executed stays. */
void vfioap_plan_free(struct vfioap_plan *plan);

/**
 * Create a device with exactly these adapters and domains (any part may be empty). If
 * filling it fails, it is removed again.
 *
 * Errors of this and of the functions that change a device:
 *   -EINVAL (code VFIOAP_INVALID): @p uuid is no UUID, or the plan was executed
 *   -ENODEV (VFIOAP_NOT_FOUND): this machine cannot have an adapter or a domain with
 *	such a high id
 *   -EADDRNOTAVAIL (VFIOAP_RESERVED): apmask and aqmask reserve queues for the host
 *   -EADDRINUSE (VFIOAP_CONFLICT): queues belong to another device, the error's owner
 *   -EOPNOTSUPP (VFIOAP_UNSUPPORTED): no AP bus or no driver
 *   -EBUSY (VFIOAP_BUSY): the device is being removed
 * Queues that the host does not have are no error; vfioap_explain_device() tells.
 *
 * @param uuid	in either case
 * @return also -EEXIST (VFIOAP_CONFLICT): it exists with other contents;
 *	-EUSERS (VFIOAP_FAILED): no more devices can be created
 */
int vfioap_plan_create(struct vfioap_plan *plan, const char *uuid,
		       const struct vfioap_matrix *matrix, struct vfioap_error **error);

/**
 * Add adapters, domains and control domains to a device. One write of ap_config where
 * the kernel has it; else one write for each id, undone if a later one fails.
 *
 * @return also -ENOENT (VFIOAP_NOT_FOUND): no such device
 */
int vfioap_plan_assign(struct vfioap_plan *plan, const char *uuid,
		       const struct vfioap_matrix *matrix, struct vfioap_error **error);

/**
 * Take adapters, domains and control domains away from a device. A guest that uses the
 * device loses them at once.
 *
 * @return also -ENOENT (VFIOAP_NOT_FOUND): no such device
 */
int vfioap_plan_unassign(struct vfioap_plan *plan, const char *uuid,
			 const struct vfioap_matrix *matrix, struct vfioap_error **error);

/** Parts of a struct vfioap_matrix. */
enum vfioap_matrix_parts {
	VFIOAP_ADAPTERS = 1 << 0,
	VFIOAP_DOMAINS = 1 << 1,
	VFIOAP_CONTROL_DOMAINS = 1 << 2,
};

/**
 * Give a device exactly these adapters, domains and control domains.
 *
 * @param parts	or-ed VFIOAP_ADAPTERS, ...: which parts of @p matrix to set; the others
 *	stay as they are
 * @return also -ENOENT (VFIOAP_NOT_FOUND): no such device
 */
int vfioap_plan_set(struct vfioap_plan *plan, const char *uuid,
		    const struct vfioap_matrix *matrix, unsigned int parts,
		    struct vfioap_error **error);

enum vfioap_remove_flags {
	VFIOAP_REMOVE_IN_USE = 1 << 0,	/**< remove it even if it is in use: the kernel asks
					 *   the guest's VMM to let go. Cannot be undone. */
	VFIOAP_REMOVE_FORCE = 1 << 1,	/**< the same, but first take its queues out of the
					 *   running guest */
};

/**
 * Remove a device. One that does not exist is fine. One that is being removed already is
 * only waited for. While a plan that is about this device only waits, others may take
 * the lock. The name of a device that is not defined goes with it.
 *
 * The kernel lets nobody interrupt the writer of "remove" until the guest has let go.
 * So a detached child process does the write; vfioap_plan_execute() waits for it for at
 * most @p timeout. After a timeout (-ETIMEDOUT, VFIOAP_TIMEOUT) the device is in state
 * VFIOAP_DEVICE_REMOVING, and goes when the guest lets go. The fork() may cause a SIGCHLD.
 *
 * @param flags	or-ed VFIOAP_REMOVE_*
 * @param timeout	for waiting in vfioap_plan_execute()
 * @return -EBUSY (VFIOAP_BUSY): in use, and @p flags is 0; the owner says by whom;
 *	-EINVAL (VFIOAP_INVALID): @p uuid is no UUID, or the plan was executed
 */
int vfioap_plan_remove(struct vfioap_plan *plan, const char *uuid, unsigned int flags,
		       unsigned int timeout, struct vfioap_error **error);

/**
 * Where the kernel has driver_override, and no bit of apmask and aqmask is clear, this and
 * vfioap_plan_pool_reserve() give exactly the queues that the host has to vfio_ap, or take
 * them back, one by one: override, unbind, bind. As long as a queue has an override, the
 * kernel refuses to change the masks (-EINVAL, VFIOAP_INVALID).
 *
 * Otherwise: give queues to vfio_ap, by clearing bits of apmask or aqmask. For "05.*" that is the
 * adapter's bit, for "*.0004" the domain's; for single queues all their adapters' bits
 * or all their domains' bits, whichever moves fewer other queues.
 *
 * Queues that are named one by one and bound to no driver are then offered to vfio_ap
 * (drivers_probe of the bus), if that is loaded.
 *
 * @param patterns	@p count of them
 * @return -ENODEV (VFIOAP_NOT_FOUND): this machine cannot have such an adapter or domain;
 *	-EOPNOTSUPP (VFIOAP_UNSUPPORTED): no AP bus;
 *	-EINVAL (VFIOAP_INVALID): the plan was executed
 */
int vfioap_plan_pool_free(struct vfioap_plan *plan, const struct vfioap_queue_pattern *patterns,
			  size_t count, struct vfioap_error **error);

/**
 * Give queues back to the host's drivers, by setting their bits in apmask and aqmask.
 * "05.*" stands for the domains that the host is configured with, "*.0004" likewise.
 *
 * @return also -EBUSY (VFIOAP_BUSY): a device has queues that would go to the host; the
 *	error says which and whose
 */
int vfioap_plan_pool_reserve(struct vfioap_plan *plan,
			     const struct vfioap_queue_pattern *patterns, size_t count,
			     struct vfioap_error **error);

/**
 * Give vfio_ap all queues of these adapters and of these domains, and the rest to the host:
 * the bits in apmask and aqmask are set accordingly.
 *
 * @param adapters	NULL: apmask stays as it is
 * @param domains	NULL: aqmask stays as it is
 * @return as vfioap_plan_pool_reserve()
 */
int vfioap_plan_pool_set(struct vfioap_plan *plan, const struct vfioap_ids *adapters,
			 const struct vfioap_ids *domains, struct vfioap_error **error);

/**
 * Keep the masks, as they will be after this plan, over a restart: in the udev rules that
 * chzdev writes, /etc/udev/rules.d/41-ap.rules. The file is replaced as a whole.
 *
 * @return -EOPNOTSUPP (VFIOAP_UNSUPPORTED): no AP bus;
 *	-EOPNOTSUPP (VFIOAP_UNSUPPORTED): a queue has a driver_override;
 *	-EINVAL (VFIOAP_INVALID): the plan was executed;
 *	-errno of reading the file
 */
int vfioap_plan_pool_persist(struct vfioap_plan *plan, struct vfioap_error **error);

/**
 * Make the host what a configuration says. The pool grows first and shrinks last. Devices
 * give queues up before others get them, so that two running guests can exchange queues:
 * one that is in the way of another keeps, for a moment, only what it is to have in the end.
 * Those of which the configuration says when they are started are stored, too.
 *
 * @param flags	or-ed VFIOAP_APPLY_*
 * @return -EINVAL (VFIOAP_INVALID): two devices want the same queue;
 *	-EBUSY (VFIOAP_BUSY): a device that is not named is in use (VFIOAP_APPLY_PRUNE), or
 *	has queues that would go to the host;
 *	what vfioap_plan_create(), vfioap_plan_set() and vfioap_plan_pool_set() return
 */
int vfioap_plan_apply(struct vfioap_plan *plan, const struct vfioap_configuration *configuration,
		      unsigned int flags, struct vfioap_error **error);

/** How many queues go from the host to vfio_ap or back in this plan. */
size_t vfioap_plan_get_num_moved_queues(const struct vfioap_plan *plan);

/**
 * APQN of moved queue number @p index, in ascending order. @p index must be in range.
 *
 * @param asked_for	set to false if it is only dragged along by the masks; may be NULL
 */
uint16_t vfioap_plan_get_moved_queue(const struct vfioap_plan *plan, size_t index,
				     bool *asked_for);

/**
 * Load the module vfio_ap, with those it needs. libkmod is loaded on first use; install
 * commands of modprobe.d are not run.
 *
 * @return -EOPNOTSUPP (VFIOAP_UNSUPPORTED): the root directory is not /;
 *	-EINVAL (VFIOAP_INVALID): the plan was executed
 */
int vfioap_plan_driver_load(struct vfioap_plan *plan, struct vfioap_error **error);

/**
 * Unload the module vfio_ap.
 *
 * @return as vfioap_plan_driver_load(); and -EBUSY (VFIOAP_BUSY): there are devices, which
 *	would be lost
 */
int vfioap_plan_driver_unload(struct vfioap_plan *plan, struct vfioap_error **error);

enum vfioap_define_flags {
	VFIOAP_DEFINE_REPLACE = 1 << 0,	/**< replace a definition that differs */
};

/**
 * Store a definition; the device itself, running or not, is left alone. The file is
 * replaced as a whole: whenever the machine stops, there is the old one or the new one.
 *
 * @param uuid	in either case
 * @param matrix	what the device is to have; the host need not have it
 * @param start	VFIOAP_START_ANY: as in the definition there is, or VFIOAP_START_MANUAL
 * @param flags	or-ed VFIOAP_DEFINE_*
 * @return -EEXIST (code VFIOAP_CONFLICT): defined already with other contents, and @p flags
 *	is 0;
 *	-EADDRINUSE (VFIOAP_CONFLICT): @p start is VFIOAP_START_AUTO, and another definition
 *	that is started automatically has queues of @p matrix; the error's owner says which;
 *	-EINVAL (VFIOAP_INVALID): @p uuid is no UUID, or the plan was executed;
 *	-ETIMEDOUT (VFIOAP_TIMEOUT): another program with this library is at work;
 *	-EACCES, -EROFS, ...: the directory cannot be made
 */
int vfioap_plan_define(struct vfioap_plan *plan, const char *uuid,
		       const struct vfioap_matrix *matrix, enum vfioap_start start,
		       unsigned int flags, struct vfioap_error **error);

/**
 * Have a defined device started when the driver appears, or not.
 *
 * @param start	VFIOAP_START_ANY: only check that it is defined
 * @return as vfioap_plan_define(); and -ENOENT (VFIOAP_NOT_FOUND): not defined
 */
int vfioap_plan_set_start(struct vfioap_plan *plan, const char *uuid, enum vfioap_start start,
			  struct vfioap_error **error);

/**
 * Create a device as it is defined. One that is active, be it as defined or not, is fine.
 *
 * @return -ENOENT (code VFIOAP_NOT_FOUND): not defined; -EINVAL, ... (VFIOAP_INVALID): the
 *	definition makes no sense; what vfioap_plan_create() returns
 */
int vfioap_plan_start(struct vfioap_plan *plan, const char *uuid, struct vfioap_error **error);

/**
 * Give a device exactly this name and label. They are stored beside its definition; those
 * of a device that exists but is not defined by then are kept until it is removed.
 *
 * @param name	as for vfioap_uuid_from_name(); NULL: no name
 * @param label	at most 256 bytes without control characters; NULL: no label
 * @return as vfioap_plan_define(); and -EINVAL (VFIOAP_INVALID): not a name, or not a label;
 *	-EEXIST (VFIOAP_CONFLICT): another device has the name
 */
int vfioap_plan_name(struct vfioap_plan *plan, const char *uuid, const char *name,
		     const char *label, struct vfioap_error **error);

/**
 * Delete a definition, also one that makes no sense, with its name and label. One that is
 * not there is fine. The device itself is left alone: if it exists, it keeps name and label
 * until it is removed.
 *
 * @return as vfioap_plan_define()
 */
int vfioap_plan_undefine(struct vfioap_plan *plan, const char *uuid, struct vfioap_error **error);

/**
 * Change one setting of the simulated machine. Makes the directory of the adapter or queue
 * in configfs if it is not there.
 *
 * @return -EOPNOTSUPP (VFIOAP_UNSUPPORTED): there is no simulated AP bus;
 *	-EINVAL (VFIOAP_INVALID): there is no such setting, or the plan was executed. Values
 *	are checked by the simulator: vfioap_plan_execute() returns -EINVAL (VFIOAP_INVALID)
 */
int vfioap_plan_sim_set(struct vfioap_plan *plan, const struct vfioap_knob *knob,
			struct vfioap_error **error);

/**
 * Let the simulated bus look what there is on its machine.
 *
 * @return as vfioap_plan_sim_set()
 */
int vfioap_plan_sim_scan(struct vfioap_plan *plan, struct vfioap_error **error);

/**
 * Make the simulated machine what a file says, and let the bus look, if anything changes.
 * Adapters that the file does not name leave the machine if it names any; what it does not
 * say of the machine, an adapter or a queue stays as it is. The file is described in
 * vfioap-ctl-sim-load(8).
 *
 * @param text		the file, not necessarily terminated
 * @param length	of it, in bytes; at most 4 MiB
 * @param source	what it is called in messages and in the error's path
 * @return as vfioap_plan_sim_set(); and -EINVAL (VFIOAP_INVALID): the file makes no sense
 */
int vfioap_plan_sim_load(struct vfioap_plan *plan, const char *text, size_t length,
			 const char *source, struct vfioap_error **error);

/** How many steps there are; 0: nothing is to be done. */
size_t vfioap_plan_get_num_steps(const struct vfioap_plan *plan);

/**
 * Step number @p index, in the order of execution; NULL if out of range. Lives until a
 * change is added to the plan.
 */
const struct vfioap_step *vfioap_plan_get_step(const struct vfioap_plan *plan, size_t index);

/**
 * What the step does: the name of the sysfs file it writes, "wait", "load", "unload", "define",
 * "undefine", "name" or "unname".
 */
const char *vfioap_step_get_operation(const struct vfioap_step *step);

/** The file it writes, with the root directory taken as /; NULL if it writes none. */
const char *vfioap_step_get_path(const struct vfioap_step *step);

/**
 * What it writes, to the byte; else the device it waits for, or the module; "" if it deletes
 * the file. Never NULL.
 */
const char *vfioap_step_get_data(const struct vfioap_step *step);

/** The host as it was when the plan was started. */
const struct vfioap_host *vfioap_plan_get_before(const struct vfioap_plan *plan);

/**
 * The host as it will be, computed; after execution: as it is, read back. Lives until a
 * change is added to the plan or it is executed.
 */
const struct vfioap_host *vfioap_plan_get_after(const struct vfioap_plan *plan);

/**
 * Do the steps, once. Each is one write(2), whose errno is kept, and a read-back. When a
 * step fails or shows no effect, those before it are undone in reverse order.
 *
 * @return -EINVAL (VFIOAP_INVALID): executed already, or VFIOAP_PLAN_PREVIEW;
 *	-EIO (VFIOAP_IO): the kernel took a write, but shows something else;
 *	-EACCES, -EPERM (VFIOAP_PERMISSION);
 *	-ETIMEDOUT (VFIOAP_TIMEOUT): a device is not removed yet;
 *	-ECANCELED (VFIOAP_FAILED): the progress function said so;
 *	-EINTR (VFIOAP_FAILED): a signal came while waiting;
 *	any errno listed at the change that was added: the host has changed meanwhile, the
 *	error says what is in the way now;
 *	any of these with VFIOAP_PARTIAL: undoing failed, too.
 */
int vfioap_plan_execute(struct vfioap_plan *plan, struct vfioap_error **error);

#ifdef __cplusplus
}
#endif

#endif
