/*
 * What a host of plugins needs of the process that it runs in, and Swift's Glibc module does not show.
 */
#ifndef SENTRY_PROCESS_H
#define SENTRY_PROCESS_H

#include <sys/types.h>

/* fork, for a process of one thread. */
pid_t sentry_fork(void);
/* Closes every descriptor from this one on. */
void sentry_close_from(int first);
/* A descriptor that is readable once the child has ended; -1 where the kernel has none (before 5.3). */
int sentry_pidfd_open(pid_t child);
/* Orphans among the descendants of this process become its children, even those that left its group and session. */
int sentry_adopt_orphans(void);
/* SIGKILL for this process as soon as the thread that made it is gone. */
int sentry_die_with_parent(void);
/* Whether others of the same user may look into this process and its descriptors. */
int sentry_be_dumpable(int yes);
/* Descriptors 0 to 2 that are closed lead to /dev/null: else the next file that is opened is written to as standard output. */
void sentry_open_standard_descriptors(void);

/*
 * The guard: it says in whose hands the process was when it ended without the host's doing. For the main program alone.
 *
 * A crash between `enter` and `leave` names what was entered. Once anything was entered, an exit that `release` did not
 * announce is told, and its status is never 0.
 */
void sentry_guard_install(void);
void sentry_guard_enter(const char *what);
void sentry_guard_leave(void);
/* From here on the host ends the process by itself, with this status. */
void sentry_guard_release(int status);
/* What `_exit` does in a program whose `_exit` this is. Safe in a signal handler, as is the next. */
_Noreturn void sentry_guard_exit(int status);
/* Ends the process at once, for the host itself. */
_Noreturn void sentry_leave_now(int status);

#endif
