#define _GNU_SOURCE
#include "calls.h"

#include <dlfcn.h>
#include <link.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <time.h>
#include <ucontext.h>
#include <unistd.h>

/* Everything here may be read by a signal handler: fixed memory, and nothing that takes a lock. */
enum { file_limit = 128, text_limit = 1024, key_limit = 80 };
typedef struct { char name[1024], key[key_limit]; _Atomic uintptr_t start, end; } plugin_file;
static plugin_file files[file_limit];
static atomic_int file_count;
/* Where crashes are recorded: an open file, which is still that one if these are its numbers; and since when the process runs. */
static struct { int descriptor; dev_t device; ino_t inode; long long start; } record = {.descriptor = -1};
static char advice[2][text_limit];
static _Atomic(const char *) advised;
static atomic_int is_armed, is_released, released_status, crashed_thread;
static pid_t guarded;

static const struct { int number; const char *name; } fatal[] = {
  {SIGSEGV, "SIGSEGV"}, {SIGBUS, "SIGBUS"}, {SIGILL, "SIGILL"}, {SIGFPE, "SIGFPE"}, {SIGABRT, "SIGABRT"},
  {SIGTRAP, "SIGTRAP"}, {SIGSYS, "SIGSYS"},
};
enum { fatal_count = sizeof fatal / sizeof *fatal };
static struct sigaction before[fatal_count];
static int shows_stacks;

/* What is to be said, which is written at once: other threads write, too. */
typedef struct { char bytes[4096]; size_t count; } words;

static void say(words *said, const char *text) {
  size_t length = strlen(text), room = sizeof said->bytes - said->count;
  if (length > room) length = room;
  memcpy(said->bytes + said->count, text, length);
  said->count += length;
}

static void say_number(words *said, long long number) {
  char digits[24];
  int start = sizeof digits - 1;
  unsigned long long rest = number < 0 ? 0ull - (unsigned long long)number : (unsigned long long)number;
  digits[start] = 0;
  do digits[--start] = (char)('0' + rest % 10);
  while ((rest /= 10) > 0);
  if (number < 0) say(said, "-");
  say(said, digits + start);
}

static void write_out(const words *said) {
  /* A bar of progress may stand there. */
  if (isatty(2)) (void)!write(2, "\r\033[2K", 5);
  for (size_t done = 0; done < said->count;) {
    ssize_t count = write(2, said->bytes + done, said->count - done);
    if (count <= 0) return;
    done += (size_t)count;
  }
}

static void say_sample(words *said, const sentry_call *call) {
  if (call->index < 0) return;
  say(said, " ");
  say_number(said, call->index);
  if (call->split) { say(said, " of "); say(said, call->split); }
}

static void say_call(words *said, const sentry_call *call) {
  if (call->who) { say(said, call->who); say(said, " was "); }
  say(said, call->what);
  say_sample(said, call);
}

/* " while X was doing Y": what this thread was at, or else all others. */
static void say_calls(words *said) {
  sentry_call calls[8];
  int count = sentry_calls_of_this_thread(calls, 8);
  if (count > 0) {
    say(said, " while ");
    say_call(said, &calls[0]);
    for (int at = 1; at < count && calls[0].index < 0; at++) {
      if (calls[at].index < 0 || !calls[at].split) continue;
      say(said, ", for sample");
      say_sample(said, &calls[at]);
      if (calls[at].who) { say(said, " of "); say(said, calls[at].who); }
      break;
    }
    return;
  }
  count = sentry_calls_under_way(calls, 4);
  for (int at = 0; at < count; at++) {
    say(said, at ? " and " : " in a thread of its own, while ");
    say_call(said, &calls[at]);
  }
}

static const char *plain(const char *path) {
  const char *slash = strrchr(path, '/');
  return slash ? slash + 1 : path;
}

/* The plugin that an address is in. */
static const plugin_file *file_at(uintptr_t address) {
  int count = atomic_load(&file_count);
  for (int at = 0; at < count; at++) {
    if (address >= atomic_load(&files[at].start) && address < atomic_load(&files[at].end)) return &files[at];
  }
  return NULL;
}

static int ends_with(const char *text, const char *end) {
  size_t length = text ? strlen(text) : 0, count = strlen(end);
  return count > 0 && length >= count && memcmp(text + length - count, end, count) == 0;
}

/* The plugin that a call is of: "dataset 'x' of FILE", or "loading FILE". */
static const plugin_file *file_of(const sentry_call *call) {
  int count = atomic_load(&file_count);
  for (int at = 0; at < count; at++) {
    if (ends_with(call->who ? call->who : call->what, files[at].name)) return &files[at];
  }
  return NULL;
}

static long long milliseconds_since_1970(void) {
  struct timespec now;
  clock_gettime(CLOCK_REALTIME, &now);
  return now.tv_sec * 1000ll + now.tv_nsec / 1000000;
}

/* One line of the record, in one piece. A plugin may have closed the descriptor, and another file have got its number. */
static void record_crash(const plugin_file *file) {
  struct stat now;
  if (!file->key[0] || fstat(record.descriptor, &now) != 0) return;
  if (now.st_dev != record.device || now.st_ino != record.inode) return;
  words line = {.count = 0};
  say(&line, "crash ");
  say(&line, file->key);
  say(&line, " ");
  say_number(&line, record.start);
  say(&line, " ");
  say_number(&line, milliseconds_since_1970());
  say(&line, "\n");
  (void)!write(record.descriptor, line.bytes, line.count);
}

static void say_advice(words *said) {
  const char *text = atomic_load(&advised);
  if (text) { say(said, "; "); say(said, text); }
  say(said, "\n");
}

/* Whether the process ends although the host did not say so. A child that a plugin made is none of our business. */
static int is_surprise(void) { return atomic_load(&is_armed) && !atomic_load(&is_released) && getpid() == guarded; }

static void tell_exit(int status, int is_known) {
  words said = {.count = 0};
  say(&said, "Error: a plugin ended the process");
  if (is_known) { say(&said, " (exit status "); say_number(&said, status); say(&said, ")"); }
  say_calls(&said);
  say(&said, "; nothing after that was done\nHint: of the plugins in this process one is at fault: ");
  int count = atomic_load(&file_count);
  for (int at = 0; at < count; at++) {
    if (at) say(&said, ", ");
    say(&said, plain(files[at].name));
  }
  say(&said, "; sentry plugins check FILE tells more, or use another plugin");
  say_advice(&said);
  write_out(&said);
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

static uintptr_t program_counter(const ucontext_t *context) {
#if defined(__x86_64__)
  return (uintptr_t)context->uc_mcontext.gregs[REG_RIP];
#elif defined(__aarch64__)
  return (uintptr_t)context->uc_mcontext.pc;
#else
  return (void)context, 0;
#endif
}

/* Whether somebody else sent the signal: a scheduler that ends jobs with SIGABRT finds them in a plugin's call, most of the time. */
static int is_sent(const siginfo_t *info) {
  int tells_sender = info->si_code == SI_USER || info->si_code == SI_TKILL || info->si_code == SI_QUEUE;
  return tells_sender && info->si_pid != guarded;
}

static void tell_signal(int index, const siginfo_t *info) {
  words said = {.count = 0};
  say(&said, "Error: ");
  /* One of another container has no number here. */
  if (info->si_pid > 0) { say(&said, "process "); say_number(&said, info->si_pid); } else say(&said, "another process");
  say(&said, " ended this one with ");
  say(&said, fatal[index].name);
  say_calls(&said);
  say(&said, "\nHint: this is not counted as a plugin's crash");
  say_advice(&said);
  write_out(&said);
}

/* - Returns: whether a plugin has to do with it. */
static int tell_crash(int index, const siginfo_t *info, const void *context) {
  sentry_call call;
  const plugin_file *place = file_at(program_counter(context));
  const char *file = place ? place->name : NULL;
  int is_entered = sentry_calls_of_this_thread(&call, 1) > 0;
  if (!is_entered && !file) return 0;
  if (is_sent(info)) return tell_signal(index, info), 1;
  const plugin_file *culprit = place ? place : file_of(&call);
  if (culprit) record_crash(culprit);
  words said = {.count = 0};
  say(&said, "Error: the process crashed (");
  say(&said, fatal[index].name);
  say(&said, ")");
  say_calls(&said);
  /* Who is called may have called another. */
  if (file && !(is_entered && call.who && strstr(call.who, file))) {
    say(&said, "; the fault is in ");
    say(&said, file);
  }
  say(&said, "\nHint: remove this plugin, or mend it: sentry plugins check ");
  say(&said, culprit ? culprit->name : "FILE");
  say(&said, " tells more; a plugin that crashes in two runs in a row is left out");
  say_advice(&said);
  write_out(&said);
  return 1;
}

static void on_crash(int number, siginfo_t *info, void *context) {
  int index = 0;
  while (index < fatal_count - 1 && fatal[index].number != number) index++;
  int is_told = 0;
  if (getpid() == guarded) {
    int thread = (int)syscall(SYS_gettid), first = 0;
    if (atomic_compare_exchange_strong(&crashed_thread, &first, thread)) {
      is_told = tell_crash(index, info, context);
    } else if (first != thread) {
      /* Another thread is telling of its own crash, and ends the process. */
      for (;;) pause();
    } else {
      is_told = 1;
    }
  }
  /* What is nobody's but the host's is left to whoever was asked before: Swift's runtime shows where it stopped. For a plugin's crash
     it would take minutes to say what a stack cannot tell its reader; SWIFT_BACKTRACE asks for it all the same. */
  if (is_told && !shows_stacks) signal(number, SIG_DFL);
  else sigaction(number, &before[index], NULL);
  raise(number);
}

void sentry_guard_install(void) {
  guarded = getpid();
  const char *wanted = getenv("SWIFT_BACKTRACE");
  shows_stacks = wanted && *wanted;
  atexit(at_exit);
  at_quick_exit(at_exit);
  for (int index = 0; index < fatal_count; index++) {
    struct sigaction action = {.sa_sigaction = on_crash, .sa_flags = SA_ONSTACK | SA_NODEFER | SA_SIGINFO};
    sigaction(fatal[index].number, &action, &before[index]);
  }
}

int sentry_guard_is_installed(void) { return guarded != 0; }

void sentry_guard_record(int descriptor) {
  struct stat now;
  if (fstat(descriptor, &now) != 0) return;
  record.device = now.st_dev;
  record.inode = now.st_ino;
  record.start = milliseconds_since_1970();
  record.descriptor = descriptor;
}

void sentry_guard_loads(const char *file, const char *key) {
  int count = atomic_load(&file_count);
  if (count < file_limit) {
    snprintf(files[count].name, sizeof files[count].name, "%s", file);
    snprintf(files[count].key, sizeof files[count].key, "%s", key ? key : "");
    atomic_store(&file_count, count + 1);
  }
  if (guarded) atomic_store(&is_armed, 1);
}

struct range { uintptr_t base, start, end; };

static int measure(struct dl_phdr_info *info, size_t size, void *wanted) {
  (void)size;
  struct range *range = wanted;
  if (info->dlpi_addr != range->base) return 0;
  for (int at = 0; at < info->dlpi_phnum; at++) {
    if (info->dlpi_phdr[at].p_type != PT_LOAD) continue;
    uintptr_t start = info->dlpi_addr + info->dlpi_phdr[at].p_vaddr, end = start + info->dlpi_phdr[at].p_memsz;
    if (!range->end || start < range->start) range->start = start;
    if (end > range->end) range->end = end;
  }
  return 1;
}

void sentry_guard_loaded(const char *file, void *handle) {
  struct link_map *map = NULL;
  if (dlinfo(handle, RTLD_DI_LINKMAP, &map) != 0 || !map) return;
  struct range range = {.base = map->l_addr};
  dl_iterate_phdr(measure, &range);
  for (int at = 0; at < atomic_load(&file_count); at++) {
    if (strncmp(files[at].name, file, sizeof files[at].name - 1) != 0) continue;
    atomic_store(&files[at].start, range.start);
    atomic_store(&files[at].end, range.end);
  }
}

void sentry_guard_advise(const char *text) {
  if (!text) {
    atomic_store(&advised, NULL);
    return;
  }
  /* The one that a handler may be reading stays as it is. */
  char *other = atomic_load(&advised) == advice[0] ? advice[1] : advice[0];
  snprintf(other, text_limit, "%s", text);
  atomic_store(&advised, other);
}

void sentry_guard_release(int status) {
  atomic_store(&released_status, status);
  atomic_store(&is_released, 1);
}
