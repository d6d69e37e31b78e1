/* A dataset in C11 that keeps every promise of the border, but for the one that FAULT names. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <math.h>
#include <pthread.h>
#include <sentry_plugin.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>


enum { WIDTH = 4, COUNT = 12 };

typedef struct {
  sentry_dataset border; /* first: a pointer to the one is a pointer to the other */
  char *held;
} dataset;

typedef struct {
  sentry_managed_tensor managed;
  int64_t shape[2];
  float values[2 * WIDTH];
} sample_memory;

static void error_destroy(sentry_error *error) {
  free(error->owner);
  error->owner = NULL;
  error->message = NULL;
}

static sentry_status fail(sentry_error *error, sentry_status code, const char *what, const char *where) {
  char *text = malloc(strlen(what) + strlen(where) + 2);
  if (text) sprintf(text, "%s %s", what, where);
  error->code = code;
  error->message = text;
  error->owner = text;
  error->destroy = error_destroy;
  return code;
}

static const char *describe(const sentry_dataset *self) {
  (void)self;
  return "{\"sample\": {\"dtype\": \"float32\", \"shape\": [4]}, \"tasks\": [{\"name\": \"t\", \"classes\": [\"a\", "
#ifdef two_classes_alike
         "\"a\""
#else
         "\"b\""
#endif
         "]}], \"notes\": []}";
}

static int64_t count(const sentry_dataset *self, int32_t split) {
  (void)self;
#ifdef count_changes
  static int64_t more;
  return COUNT + more++;
#endif
  return split == SENTRY_SPLIT_TEST ? 0 : COUNT;
}

static sentry_status check(const sentry_dataset *self, int32_t split, int64_t index, sentry_error *error) {
  (void)self;
#ifdef no_bounds
  (void)split, (void)index, (void)error;
  return SENTRY_OK;
#else
  if (index >= 0 && index < (split == SENTRY_SPLIT_TEST ? 0 : COUNT)) return SENTRY_OK;
  return fail(error, SENTRY_INVALID, "there is no such", "sample");
#endif
}

static sentry_status targets(const sentry_dataset *self, int32_t split, int64_t index, int64_t *out, sentry_error *error) {
  sentry_status status = check(self, split, index, error);
  if (status == SENTRY_OK) *out = index % 2;
#ifdef target_beyond
  if (status == SENTRY_OK) *out = 2;
#endif
  return status;
}

static void sample_free(sentry_managed_tensor *self) { free(self->manager_ctx); }

#ifdef overflows_the_stack
static int deeper(volatile int depth) { return depth < 0 ? 0 : deeper(depth + 1) + depth; }
#endif

static sentry_status sample(const sentry_dataset *self, int32_t split, int64_t index, sentry_managed_tensor **out,
                            sentry_error *error) {
  sentry_status status = check(self, split, index, error);
  if (status != SENTRY_OK) return status;
#ifdef crashes
  *(volatile int *)8 = 1;
#elif defined(exits)
  exit(0);
#elif defined(hangs)
  for (;;) usleep(1000);
#elif defined(aborts)
  abort();
#elif defined(overflows_the_stack)
  deeper(1);
#elif defined(takes_all_memory)
  for (;;) {
    char *taken = malloc(1 << 24);
    if (!taken) abort();
    memset(taken, 1, 1 << 24);
  }
#endif
  sample_memory *made = calloc(1, sizeof *made);
  if (!made) return fail(error, SENTRY_NO_MEMORY, "no memory for a", "sample");
  for (int i = 0; i < WIDTH; i++) made->values[i] = (float)(index * WIDTH + i + split);
#ifdef not_a_number
  made->values[1] = NAN;
#endif
#ifdef random_bytes
  static int reads;
  made->values[0] = (float)reads++;
#endif
  made->shape[0] = WIDTH;
#ifdef other_shape
  made->shape[0] = WIDTH - 1;
#endif
  made->managed = (sentry_managed_tensor){.dlpack_major = 1, .manager_ctx = made, .deleter = sample_free};
  made->managed.tensor = (sentry_tensor){.data = made->values,
                                         .device = {SENTRY_DEVICE_CPU, 0},
                                         .ndim = 1,
                                         .dtype = {SENTRY_DTYPE_FLOAT, 32, 1},
                                         .shape = made->shape};
#ifdef other_dlpack
  made->managed.dlpack_major = 7;
#endif
#ifdef other_device
  made->managed.tensor.device.device_type = SENTRY_DEVICE_CUDA;
#endif
#ifdef no_data
  made->managed.tensor.data = NULL;
#endif
#ifdef negative_extent
  made->shape[0] = -4;
#endif
#ifdef huge_extent
  made->shape[0] = (int64_t)1 << 40;
#endif
  *out = &made->managed;
#ifdef no_tensor
  *out = NULL;
#endif
  return SENTRY_OK;
}

static int64_t name(const sentry_dataset *self, int32_t split, int64_t index, char *buffer, int64_t capacity) {
  (void)self;
#ifdef no_names
  if (capacity > 0) *buffer = 0;
  return 0;
#endif
  return snprintf(buffer, capacity > 0 ? (size_t)capacity : 0, "generated %d/%lld", (int)split, (long long)index);
}

static int64_t group(const sentry_dataset *self, int32_t split, int64_t index) {
  (void)self, (void)split, (void)index;
#ifdef group_changes
  static int64_t calls;
  return calls++;
#endif
  return -1;
}

static const void *object_extension(const sentry_dataset *self, const char *id) {
  (void)self, (void)id;
#ifdef offers_anything
  static const uint32_t offered[16] = {64};
  if (!strstr(id, "sentry.dataset.")) return offered;
#endif
  return NULL;
}

static void destroy(sentry_dataset *self) {
#ifndef leaks
  free(((dataset *)self)->held);
#endif
  free(self);
}

#if defined(starts_thread_at_load) || defined(starts_threads)
static void *idle(void *argument) {
  for (;;) pause();
  return argument;
}
static void start_thread(void) {
  pthread_t thread;
  pthread_create(&thread, NULL, idle, NULL);
}
#endif

#ifdef trusts_its_file
/* The file says where the numbers stand. */
static int is_read(const char *path, const char *held) {
  size_t place = 0;
  int file = open(path, O_RDONLY);
  if (file < 0 || read(file, &place, sizeof place) != sizeof place) return 0;
  close(file);
  return ((volatile const char *)held)[place] == 0;
}
#endif

static sentry_status create(const sentry_factory *self, const char *options, void **object, sentry_error *error) {
  (void)self;
#ifdef cannot_be_made
  return fail(error, SENTRY_FAILED, "the moon is", "wrong");
#endif
#ifdef fails_silently
  (void)error;
  return SENTRY_FAILED;
#endif
#ifdef trusts_options
  if (*strchr(options, ':') == 0) return SENTRY_FAILED; /* there is always one, is there not? */
#endif
  const char *path = strstr(options, "\"path\":\"");
#ifdef trusts_its_file
  static const char held[4096];
  char name[512];
  snprintf(name, sizeof name, "%.*s", path ? (int)strcspn(path + 8, "\"") : 0, path ? path + 8 : "");
  if (!path || !is_read(name, held)) return fail(error, SENTRY_INVALID, "there is nothing at", name);
  path = NULL;
#endif
  if (path) {
#ifndef accepts_any_path
#ifdef refuses_silently
    return SENTRY_INVALID;
#endif
    /* It reads none: one that is set cannot be right. The path ends before the next quote that is not escaped. */
    char text[64];
    snprintf(text, sizeof text, "%s", path + 8);
    char *end = strchr(text, '"');
    if (end) *end = 0;
    /* JSON's \\/ is left as it is. */
    return fail(error, SENTRY_INVALID, "there is nothing at", text);
#endif
  }
  dataset *made = calloc(1, sizeof *made);
  if (!made) return fail(error, SENTRY_NO_MEMORY, "no memory for a", "dataset");
  made->held = malloc(4096);
#ifdef starts_threads
  start_thread();
#endif
#ifdef opens_files
  (void)!open("/proc/self/status", O_RDONLY);
#endif
  made->border = (sentry_dataset){.struct_size = sizeof made->border, .destroy = destroy, .describe = describe, .count = count,
                                  .targets = targets, .sample = sample, .name = name, .group = group,
                                  .get_extension = object_extension};
#ifdef null_function
  made->border.targets = NULL;
#endif
#ifdef short_object
  made->border.struct_size = 24;
#endif
  *object = &made->border;
  return SENTRY_OK;
}

#ifdef schema_without_help
#define SCHEMA "{\"type\": \"object\", \"additionalProperties\": false, \"properties\": {\"size\": {\"type\": \"integer\", \"default\": 4}}}"
#elif defined(schema_with_wrong_default)
#define SCHEMA "{\"type\": \"object\", \"additionalProperties\": false, \"properties\": {\"size\": {\"type\": \"integer\", \"default\": \
\"four\", \"description\": \"Samples.\"}}}"
#elif defined(schema_is_no_json)
#define SCHEMA "{"
#elif defined(cannot_be_made) || defined(fails_silently)
#define SCHEMA "{}"
#else
#define SCHEMA "{\"type\": \"object\", \"additionalProperties\": false, \"properties\": {\"path\": {\"type\": \"string\", \
\"format\": \"path\", \"description\": \"A folder.\"}, \"size\": {\"type\": \"integer\", \"default\": 4, \"description\": \"Samples.\"}}}"
#endif

#ifdef no_summary
#define SUMMARY " "
#else
#define SUMMARY "Numbers in two classes."
#endif

static const sentry_factory factory = {
    .struct_size = sizeof factory, .kind = SENTRY_KIND_DATASET, .name = "numbers", .summary = SUMMARY, .options_schema = SCHEMA,
#ifndef null_create
    .create = create
#endif
};

static const sentry_factory *get_factory(const sentry_plugin *self, uint32_t index) {
  return (void)self, (void)index, &factory;
}
static const char *get_recipe(const sentry_plugin *self, uint32_t index) { return (void)self, (void)index, NULL; }
static const void *get_extension(const sentry_plugin *self, const char *id) { return (void)self, (void)id, NULL; }

#ifdef exports_more
__attribute__((visibility("default"))) int helper_of_everyone = 3;
#endif

#ifdef two_alike
enum { FACTORIES = 2 };
#elif defined(nothing_offered)
enum { FACTORIES = 0 };
#else
enum { FACTORIES = 1 };
#endif

static sentry_plugin plugin = {
    .struct_size = sizeof plugin, .abi_major = SENTRY_ABI_MAJOR, .abi_minor = SENTRY_ABI_MINOR, .name = "gallery", .version = "1.0.0",
    .summary = "Sound, but for one fault.", .factory_count = FACTORIES, .get_factory = get_factory, .get_recipe = get_recipe,
    .get_extension = get_extension};

const sentry_plugin *sentry_plugin_entry_v1(const sentry_host *host, sentry_error *error) {
  (void)host, (void)error;
#ifdef null_get_extension
  plugin.get_extension = NULL;
#endif
#ifdef no_version
  plugin.version = "";
#endif
#ifdef prints_at_load
  puts("hello from the gallery");
#endif
#ifdef starts_thread_at_load
  start_thread();
#endif
#ifdef opens_file_at_load
  (void)!open("/proc/self/status", O_RDONLY);
#endif
#ifdef writes_file_at_load
  close(open("left-behind.txt", O_CREAT | O_WRONLY, 0600));
#endif
#ifdef leaves_the_folder
  (void)!chdir("/");
#endif
#ifdef declares_anything
  static char version[32];
  struct timespec now;
  clock_gettime(CLOCK_REALTIME, &now);
  snprintf(version, sizeof version, "1.%ld.%ld", (long)now.tv_sec, now.tv_nsec);
  plugin.version = version;
#endif
#ifdef slow_to_load
  usleep(200000);
#endif
#ifdef only_this_host
  if (host->abi_minor != SENTRY_ABI_MINOR) return fail(error, SENTRY_UNSUPPORTED, "another", "host"), NULL;
#endif
#ifdef declines_silently
  if (host->abi_minor == 0) return NULL;
#endif
#ifdef crashes_at_load
  *(volatile int *)8 = 1;
#endif
  return &plugin;
}
