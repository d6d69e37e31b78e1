#define _GNU_SOURCE
#include "calls.h"

#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <sys/mman.h>
#include <time.h>

/*
 * Each thread that calls into plugins has a slot, for as long as it lives. It alone writes there; the watch and the handlers of
 * signals read. An entry is a handful of stores: no lock, no allocation.
 */
enum { depth_limit = 6, slot_count = 256, stack_bytes = 64 << 10 };

typedef struct {
  _Atomic(const char *) who, what, split;
  atomic_llong index, began;
} entry;

typedef struct {
  atomic_int is_taken, depth;
  /* Raised before and after each change: a reader that meets two values begins anew. */
  atomic_ullong serial;
  entry entries[depth_limit];
  void *stack;
} slot;

static slot slots[slot_count];
/* Of a thread for which no slot is left: it is not watched, but its crash has a name. */
static _Thread_local slot own;
static _Thread_local slot *mine;

static pthread_key_t ending;
static pthread_once_t once = PTHREAD_ONCE_INIT;

static long long milliseconds(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC_COARSE, &now);
  return now.tv_sec * 1000ll + now.tv_nsec / 1000000;
}

static void thread_ends(void *taken) {
  slot *one = taken;
  if (one->stack) {
    stack_t none = {.ss_flags = SS_DISABLE};
    sigaltstack(&none, NULL);
    munmap(one->stack, stack_bytes);
    one->stack = NULL;
  }
  mine = NULL;
  atomic_store(&one->depth, 0);
  atomic_store(&one->is_taken, 0);
}

static void make_key(void) { pthread_key_create(&ending, thread_ends); }

/* A handler needs a stack of its own where the thread's has overflowed. */
static void *make_signal_stack(void) {
  stack_t there;
  if (sigaltstack(NULL, &there) != 0 || !(there.ss_flags & SS_DISABLE)) return NULL;
  void *memory = mmap(NULL, stack_bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED) return NULL;
  stack_t stack = {.ss_sp = memory, .ss_size = stack_bytes};
  if (sigaltstack(&stack, NULL) == 0) return memory;
  munmap(memory, stack_bytes);
  return NULL;
}

static slot *claim(void) {
  pthread_once(&once, make_key);
  slot *one = &own;
  for (int at = 0; at < slot_count; at++) {
    int expected = 0;
    if (atomic_compare_exchange_strong(&slots[at].is_taken, &expected, 1)) {
      one = &slots[at];
      break;
    }
  }
  if (sentry_guard_is_installed()) one->stack = make_signal_stack();
  pthread_setspecific(ending, one);
  return mine = one;
}

void sentry_call_enter(const char *who, const char *what, const char *split, int64_t index) {
  slot *one = mine ? mine : claim();
  int depth = atomic_load_explicit(&one->depth, memory_order_relaxed);
  atomic_fetch_add_explicit(&one->serial, 1, memory_order_acq_rel);
  if (depth < depth_limit) {
    entry *here = &one->entries[depth];
    atomic_store_explicit(&here->who, who, memory_order_relaxed);
    atomic_store_explicit(&here->what, what, memory_order_relaxed);
    atomic_store_explicit(&here->split, split, memory_order_relaxed);
    atomic_store_explicit(&here->index, index, memory_order_relaxed);
    atomic_store_explicit(&here->began, milliseconds(), memory_order_relaxed);
  }
  atomic_store_explicit(&one->depth, depth + 1, memory_order_relaxed);
  atomic_fetch_add_explicit(&one->serial, 1, memory_order_acq_rel);
}

void sentry_call_leave(void) {
  slot *one = mine;
  if (!one) return;
  int depth = atomic_load_explicit(&one->depth, memory_order_relaxed);
  atomic_fetch_add_explicit(&one->serial, 2, memory_order_acq_rel);
  if (depth > 0) atomic_store_explicit(&one->depth, depth - 1, memory_order_release);
}

void sentry_call_progresses(void) {
  slot *one = mine;
  if (!one) return;
  long long now = milliseconds();
  int depth = atomic_load_explicit(&one->depth, memory_order_relaxed);
  atomic_fetch_add_explicit(&one->serial, 2, memory_order_acq_rel);
  for (int at = 0; at < depth && at < depth_limit; at++) {
    atomic_store_explicit(&one->entries[at].began, now, memory_order_relaxed);
  }
}

static void copy(const entry *from, sentry_call *to) {
  to->who = atomic_load_explicit(&from->who, memory_order_relaxed);
  to->what = atomic_load_explicit(&from->what, memory_order_relaxed);
  to->split = atomic_load_explicit(&from->split, memory_order_relaxed);
  to->index = atomic_load_explicit(&from->index, memory_order_relaxed);
  to->milliseconds = milliseconds() - atomic_load_explicit(&from->began, memory_order_relaxed);
}

static int reached(int depth) { return depth < depth_limit ? depth : depth_limit; }

int sentry_calls_of_this_thread(sentry_call *calls, int room) {
  slot *one = mine;
  if (!one) return 0;
  int depth = reached(atomic_load(&one->depth)), count = 0;
  while (count < room && count < depth) {
    copy(&one->entries[depth - 1 - count], &calls[count]);
    count++;
  }
  return count;
}

int sentry_calls_under_way(sentry_call *calls, int room) {
  int count = 0;
  for (int at = 0; at < slot_count && count < room; at++) {
    slot *one = &slots[at];
    if (!atomic_load(&one->is_taken)) continue;
    unsigned long long before = atomic_load_explicit(&one->serial, memory_order_acquire);
    int depth = reached(atomic_load(&one->depth));
    if (depth == 0 || before % 2) continue;
    copy(&one->entries[depth - 1], &calls[count]);
    atomic_thread_fence(memory_order_acquire);
    if (atomic_load_explicit(&one->serial, memory_order_relaxed) != before) continue;
    count++;
  }
  return count;
}
