#define _GNU_SOURCE
#include "sentry_process.h"

#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

/* Everything here may be read by a signal handler: fixed memory, and nothing that takes a lock. */
static char current[1024];
static char all[2048];
static atomic_int is_entered, is_armed, is_released, released_status;
static pid_t guarded;

static const struct { int number; const char *name; } fatal[] = {
  {SIGSEGV, "SIGSEGV"}, {SIGBUS, "SIGBUS"}, {SIGILL, "SIGILL"}, {SIGFPE, "SIGFPE"}, {SIGABRT, "SIGABRT"},
  {SIGTRAP, "SIGTRAP"}, {SIGSYS, "SIGSYS"},
};
enum { fatal_count = sizeof fatal / sizeof *fatal };
static struct sigaction before[fatal_count];

static void say(const char *text) {
  for (size_t left = strlen(text); left > 0;) {
    ssize_t count = write(2, text, left);
    if (count <= 0) return;
    text += count;
    left -= (size_t)count;
  }
}

static void say_number(int number) {
  char digits[12];
  int start = sizeof digits - 1;
  unsigned rest = number < 0 ? 0u - (unsigned)number : (unsigned)number;
  digits[start] = 0;
  do digits[--start] = (char)('0' + rest % 10);
  while ((rest /= 10) > 0);
  if (number < 0) say("-");
  say(digits + start);
}

/* Whether the process ends although the host did not say so. A child that a plugin made is none of our business. */
static int is_surprise(void) { return atomic_load(&is_armed) && !atomic_load(&is_released) && getpid() == guarded; }

static void tell_exit(int status, int is_known) {
  say("Error: a plugin ended the process");
  if (is_known) { say(" (exit status "); say_number(status); say(")"); }
  if (atomic_load(&is_entered)) { say(" while "); say(current); }
  say("; nothing after that was done\nHint: of the plugins in this process one is at fault: ");
  say(all);
  say("; sentry plugins list --probe, or use another plugin\n");
}

void sentry_leave_now(int status) {
  for (;;) syscall(SYS_exit_group, status);
}

void sentry_guard_exit(int status) {
  if (is_surprise()) {
    tell_exit(status, 1);
    if (status == 0) status = 1;
  } else if (atomic_load(&is_released) && getpid() == guarded) {
    status = atomic_load(&released_status);
  }
  sentry_leave_now(status);
}

/* `exit` calls this. Its status is not told to anyone here, so that it counts as a failure. */
static void at_exit(void) {
  if (!is_surprise()) return;
  tell_exit(0, 0);
  sentry_leave_now(1);
}

static void on_crash(int number) {
  int index = 0;
  while (index < fatal_count - 1 && fatal[index].number != number) index++;
  if (atomic_load(&is_entered) && getpid() == guarded) {
    say("Error: the process crashed (");
    say(fatal[index].name);
    say(") while ");
    say(current);
    say("\nHint: remove this plugin, or mend it: it works in the probe and fails here\n");
  }
  /* Whoever was asked before, or the system, goes on from here. */
  sigaction(number, &before[index], NULL);
  raise(number);
}

void sentry_guard_install(void) {
  guarded = getpid();
  atexit(at_exit);
  at_quick_exit(at_exit);
  for (int index = 0; index < fatal_count; index++) {
    struct sigaction action = {.sa_handler = on_crash, .sa_flags = SA_ONSTACK | SA_NODEFER};
    sigaction(fatal[index].number, &action, &before[index]);
  }
}

void sentry_guard_enter(const char *what) {
  snprintf(current, sizeof current, "%s", what);
  const char *file = strrchr(what, '/');
  file = file ? file + 1 : what;
  if (!strstr(all, file)) {
    size_t used = strlen(all);
    snprintf(all + used, sizeof all - used, "%s%s", used ? ", " : "", file);
  }
  atomic_store(&is_entered, 1);
  if (guarded) atomic_store(&is_armed, 1);
}

void sentry_guard_leave(void) { atomic_store(&is_entered, 0); }

void sentry_guard_release(int status) {
  atomic_store(&released_status, status);
  atomic_store(&is_released, 1);
}
