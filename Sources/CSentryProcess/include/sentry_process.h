/*
 * What a host of plugins needs of the process that it runs in, and Swift's Glibc module does not show.
 */
#ifndef SENTRY_PROCESS_H
#define SENTRY_PROCESS_H

#include <stddef.h>
#include <stdint.h>
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
/* Descriptors 0 to 2 that are closed lead again to where they led at the first call, or else to /dev/null: else the next file that is
   opened is written to as standard output. Returns how many were closed. Not for several threads at once. */
int sentry_open_standard_descriptors(void);
/* From here on standard output is the host's alone, at another number, and descriptor 1 leads to standard error: what plugins print
   stands in nobody's JSON. Returns -1 where no descriptor is left, and all is as before. Before there are other threads. */
int sentry_keep_output(void);
/* Where standard output is. */
int sentry_output(void);
/* Descriptor 1 is standard output again, for a program that this process is about to become. */
int sentry_give_output_back(void);
/* Whether a signal has a handler of somebody's. */
int sentry_signal_is_handled(int number);
/* What is allocated from the heap, by all threads. */
size_t sentry_heap_bytes(void);

/*
 * What threads are doing in plugins: who was called, what for, and with which sample. Each thread notes it for itself, without a lock.
 * The texts live as long as the process.
 */
typedef struct {
  const char *who;  /* NULL: `what` says it all */
  const char *what; /* "reading sample" */
  const char *split; /* "train"; NULL: the index is of no split */
  int64_t index;     /* below 0: none */
  int64_t milliseconds; /* how long it has been at it */
} sentry_call;

void sentry_call_enter(const char *who, const char *what, const char *split, int64_t index);
void sentry_call_leave(void);
/* The calls that this thread is in begin anew: they have told that they get on. */
void sentry_call_progresses(void);
/* The innermost call of each thread. Returns how many there are, at most `room`. */
int sentry_calls_under_way(sentry_call *calls, int room);

/*
 * The guard: it says in whose hands the process was when it ended without the host's doing. For the main program alone.
 *
 * A crash in a call, or in code of a plugin, is told with the call. Once anything was loaded, an exit that `release` did not announce is
 * told, and its status is never 0.
 */
void sentry_guard_install(void);
int sentry_guard_is_installed(void);
/* Crashes that are told as a plugin's are also recorded, in this open file that is appended to:
 *   crash KEY START END
 * START is when this function was called, END when the crash came, in milliseconds since 1970. */
void sentry_guard_record(int descriptor);
/* A file of a plugin is about to be mapped; it was, as this handle. `key`: what its crash is recorded by; NULL: it is not. */
void sentry_guard_loads(const char *file, const char *key);
void sentry_guard_loaded(const char *file, void *handle);
/* What the user can do after an end that nobody wanted: "go on with …"; NULL: nothing. */
void sentry_guard_advise(const char *text);
/* From here on the host ends the process by itself, with this status. */
void sentry_guard_release(int status);
/* What `_exit` does in a program whose `_exit` this is. Safe in a signal handler, as is the next. */
_Noreturn void sentry_guard_exit(int status);
/* Ends the process at once, for the host itself. */
_Noreturn void sentry_leave_now(int status);

#endif
