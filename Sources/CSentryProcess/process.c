#define _GNU_SOURCE
#include "sentry_process.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

pid_t sentry_fork(void) { return fork(); }

void sentry_close_from(int first) {
#ifdef SYS_close_range
  if (syscall(SYS_close_range, (unsigned)first, ~0u, 0) == 0) return;
#endif
  long limit = sysconf(_SC_OPEN_MAX);
  for (int descriptor = first; descriptor < (limit > 0 && limit < 65536 ? limit : 65536); descriptor++) close(descriptor);
}

int sentry_pidfd_open(pid_t child) {
#ifdef SYS_pidfd_open
  return (int)syscall(SYS_pidfd_open, child, 0);
#else
  (void)child;
  errno = ENOSYS;
  return -1;
#endif
}

int sentry_adopt_orphans(void) { return prctl(PR_SET_CHILD_SUBREAPER, 1); }

int sentry_die_with_parent(void) { return prctl(PR_SET_PDEATHSIG, SIGKILL); }

int sentry_be_dumpable(int yes) { return prctl(PR_SET_DUMPABLE, yes ? 1 : 0); }

void sentry_open_standard_descriptors(void) {
  /* open gives the lowest number that is free. */
  for (int descriptor = 0; descriptor < 3; descriptor++) {
    if (fcntl(descriptor, F_GETFD) < 0 && errno == EBADF && open("/dev/null", O_RDWR) != descriptor) return;
  }
}
