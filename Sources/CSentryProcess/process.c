#define _GNU_SOURCE
#include "sentry_process.h"

#include <errno.h>
#include <fcntl.h>
#include <malloc.h>
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

int sentry_open_standard_descriptors(void) {
  /* Seconds of the three, from the first call on, far from the numbers that are given out. */
  static int kept[3] = {-1, -1, -1};
  int count = 0;
  for (int descriptor = 0; descriptor < 3; descriptor++) {
    if (fcntl(descriptor, F_GETFD) < 0 && errno == EBADF) {
      count++;
      /* open gives the lowest number that is free. */
      if (kept[descriptor] < 0 || dup2(kept[descriptor], descriptor) < 0) {
        if (open("/dev/null", O_RDWR) != descriptor) return count;
      }
    }
    if (kept[descriptor] < 0) kept[descriptor] = fcntl(descriptor, F_DUPFD_CLOEXEC, 100);
  }
  return count;
}

int sentry_signal_is_handled(int number) {
  struct sigaction action;
  return sigaction(number, NULL, &action) == 0 && action.sa_handler != SIG_DFL && action.sa_handler != SIG_IGN;
}

size_t sentry_heap_bytes(void) {
  struct mallinfo2 use = mallinfo2();
  return use.uordblks + use.hblkhd;
}
