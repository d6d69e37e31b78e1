/* LD_PRELOAD: the NTH call of CALL on a file below PREFIX fails with ERROR, once. SENTRY_FAULT is CALL:ERROR:NTH:PREFIX; the call
   `any` counts all of them. What it did is told in the file that SENTRY_FAULT_LOG names. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

static char wanted[32], prefix[PATH_MAX];
static int number, nth;
static atomic_int count;

__attribute__((constructor)) static void start(void) {
  const char *text = getenv("SENTRY_FAULT");
  if (!text || sscanf(text, "%31[^:]:%d:%d:%4095[^\n]", wanted, &number, &nth, prefix) != 4) nth = 0;
}

static int fails(const char *call, const char *path) {
  if (!nth || strncmp(path, prefix, strlen(prefix)) != 0) return 0;
  if (strcmp(wanted, call) != 0 && strcmp(wanted, "any") != 0) return 0;
  if (atomic_fetch_add(&count, 1) + 1 != nth) return 0;
  const char *log = getenv("SENTRY_FAULT_LOG");
  int file = log ? (int)syscall(SYS_openat, AT_FDCWD, log, O_WRONLY | O_CREAT | O_APPEND, 0600) : -1;
  if (file >= 0) {
    char line[PATH_MAX + 64];
    int length = snprintf(line, sizeof line, "%s %s: error %d\n", call, path, number);
    syscall(SYS_write, file, line, (size_t)length);
    syscall(SYS_close, file);
  }
  errno = number;
  return 1;
}

static int fails_on(const char *call, int descriptor) {
  char link[64], path[PATH_MAX];
  if (!nth) return 0;
  snprintf(link, sizeof link, "/proc/self/fd/%d", descriptor);
  ssize_t length = readlink(link, path, sizeof path - 1);
  if (length <= 0) return 0;
  path[length] = 0;
  return fails(call, path);
}

#define NEXT(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

ssize_t write(int descriptor, const void *bytes, size_t length) {
  return fails_on("write", descriptor) ? -1 : NEXT(write)(descriptor, bytes, length);
}
int fsync(int descriptor) { return fails_on("fsync", descriptor) ? -1 : NEXT(fsync)(descriptor); }
int close(int descriptor) {
  /* As Linux does it: closed, and an error told. */
  if (!fails_on("close", descriptor)) return NEXT(close)(descriptor);
  int error = errno;
  NEXT(close)(descriptor);
  errno = error;
  return -1;
}
int rename(const char *from, const char *to) { return fails("rename", from) ? -1 : NEXT(rename)(from, to); }
static int opening(const char *name, const char *path, int flags, mode_t mode) {
  int (*next)(const char *, int, ...) = (int (*)(const char *, int, ...))dlsym(RTLD_NEXT, name);
  return fails("open", path) ? -1 : next(path, flags, mode);
}
#define OPEN(name) \
  int name(const char *path, int flags, ...) { \
    va_list list; \
    va_start(list, flags); \
    mode_t mode = va_arg(list, mode_t); \
    va_end(list); \
    return opening(#name, path, flags, mode); \
  }
OPEN(open)
OPEN(open64)
