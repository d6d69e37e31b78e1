#define _GNU_SOURCE
#include "sentry_process.h"

#include <errno.h>
#include <fcntl.h>
#include <malloc.h>
#include <signal.h>
#include <stdio.h>
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

/* Seconds of the three, far from the numbers that are given out. */
static int kept[3] = {-1, -1, -1};
static int output = 1;

int sentry_open_standard_descriptors(void) {
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

int sentry_output(void) { return output; }

int sentry_keep_output(void) {
  if (output != 1) return 0;
  int own = fcntl(1, F_DUPFD_CLOEXEC, 100);
  /* Where few descriptors are allowed. */
  if (own < 0) own = fcntl(1, F_DUPFD_CLOEXEC, 3);
  if (own < 0) return -1;
  fflush(stdout);
  if (dup2(2, 1) < 0) return close(own), -1;
  if (kept[1] >= 0) dup2(1, kept[1]), fcntl(kept[1], F_SETFD, FD_CLOEXEC);
  /* What is printed there appears when it is printed, as on standard error. */
  setvbuf(stdout, NULL, _IOLBF, 0);
  output = own;
  return 0;
}

int sentry_give_output_back(void) {
  if (output == 1) return 0;
  fflush(stdout);
  return dup2(output, 1) < 0 ? -1 : 0;
}

int sentry_signal_is_handled(int number) {
  struct sigaction action;
  return sigaction(number, NULL, &action) == 0 && action.sa_handler != SIG_DFL && action.sa_handler != SIG_IGN;
}

size_t sentry_heap_bytes(void) {
  struct mallinfo2 use = mallinfo2();
  return use.uordblks + use.hblkhd;
}
