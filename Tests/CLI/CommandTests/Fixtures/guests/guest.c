/* A dataset in C that does at sample 5 of train, or where else it says, what the option `act` tells it. A host survives it, or says
   what happened. */
#define _GNU_SOURCE
#include <math.h>
#include <pthread.h>
#include <sentry_plugin.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { SIDE = 16, TRAIN = 24, VALIDATION = 8, CLASSES = 5000, TROUBLE = 5 };

typedef struct {
  sentry_dataset border; /* first: a pointer to the one is a pointer to the other */
  char act[64];
  char *description;
} dataset;

typedef struct {
  sentry_managed_tensor managed;
  int64_t shape[3];
  float values[SIDE * SIDE];
} sample_memory;

void guest_throw(void); /* C++ */

static int is(const sentry_dataset *self, const char *act) { return strcmp(((const dataset *)self)->act, act) == 0; }

static const char *describe(const sentry_dataset *self) {
  return is(self, "describes nothing") ? NULL : ((const dataset *)self)->description;
}

static int64_t count(const sentry_dataset *self, int32_t split) {
  static int64_t asked;
  asked++;
  if (is(self, "count of 10^12")) return split == SENTRY_SPLIT_TRAIN ? 1000000000000 : 0;
  if (is(self, "count below 0")) return -1;
  /* The host asks for each of three when it takes the dataset over. */
  if (is(self, "count changes") && asked > 3) return split == SENTRY_SPLIT_TRAIN ? 1000000000000 : 4;
  return split == SENTRY_SPLIT_TRAIN ? TRAIN : split == SENTRY_SPLIT_VALIDATION ? VALIDATION : 0;
}

static sentry_status targets(const sentry_dataset *self, int32_t split, int64_t index, int64_t *out, sentry_error *error) {
  (void)split, (void)error;
  *out = index % 2;
  if (is(self, "class 1000") && index == TROUBLE) *out = 1000;
  return SENTRY_OK;
}

static void sample_free(sentry_managed_tensor *self) { free(self->manager_ctx); }

#pragma GCC diagnostic ignored "-Winfinite-recursion"
static int deeper(volatile int depth) { return deeper(depth + 1) + depth; }

static void *crash(void *argument) { return *(volatile int *)8 = 1, argument; }

static void make_trouble(const sentry_dataset *self) {
  pthread_t thread;
  void (*volatile nothing)(void) = NULL;
  if (is(self, "exit")) exit(0);
  if (is(self, "_exit")) _exit(0);
  if (is(self, "segfault")) crash(NULL);
  if (is(self, "calls null")) nothing();
  if (is(self, "abort")) abort();
  if (is(self, "overflows the stack")) deeper(1);
  if (is(self, "throws")) guest_throw();
  if (is(self, "crashes in a thread") && pthread_create(&thread, NULL, crash, NULL) == 0) pthread_join(thread, NULL);
  if (is(self, "loops aloud")) fputs("round and round\n", stderr);
  for (volatile int turns = 0; is(self, "loops") || is(self, "loops aloud"); turns = turns + 1) {}
  if (is(self, "prints")) printf("the guest was here\n");
  if (is(self, "crashes later")) {
    static _Atomic int visits;
    if (++visits == 6) crash(NULL);
  }
  if (is(self, "leaves the folder")) (void)!chdir("/");
  if (is(self, "closes descriptors")) {
    for (int descriptor = 0; descriptor < 3; descriptor++) close(descriptor);
  }
}

static sentry_status sample(const sentry_dataset *self, int32_t split, int64_t index, sentry_managed_tensor **out,
                            sentry_error *error) {
  int is_trouble = split == SENTRY_SPLIT_TRAIN && index == TROUBLE;
  if (is_trouble) make_trouble(self);
  if (is_trouble && is(self, "fails silently")) return SENTRY_FAILED;
  if (is_trouble && is(self, "fails with controls")) {
    error->message = "bad \033]0;mine\007 sample";
    return SENTRY_BAD_DATA;
  }
  sample_memory *made = calloc(1, sizeof *made);
  if (!made) return SENTRY_NO_MEMORY;
  for (int i = 0; i < SIDE * SIDE; i++) made->values[i] = (float)((index * 31 + i * (index % 2 + 1) + split) % 17) / 17;
  memcpy(made->shape, (int64_t[]){1, SIDE, SIDE}, sizeof made->shape);
  made->managed = (sentry_managed_tensor){.dlpack_major = 1, .manager_ctx = made, .deleter = sample_free};
  made->managed.tensor = (sentry_tensor){.data = made->values,
                                         .device = {SENTRY_DEVICE_CPU, 0},
                                         .ndim = 3,
                                         .dtype = {SENTRY_DTYPE_FLOAT, 32, 1},
                                         .shape = made->shape};
  *out = &made->managed;
  if (!is_trouble) return SENTRY_OK;
  if (is(self, "other size")) made->shape[1] = made->shape[2] = SIDE / 2;
  if (is(self, "extent of 2^40")) made->shape[0] = (int64_t)1 << 40;
  if (is(self, "extent below 0")) made->shape[0] = -1;
  if (is(self, "other type")) made->managed.tensor.dtype = (sentry_dtype){SENTRY_DTYPE_INT, 32, 1};
  if (is(self, "other device")) made->managed.tensor.device.device_type = SENTRY_DEVICE_CUDA;
  if (is(self, "other DLPack")) made->managed.dlpack_major = 7;
  if (is(self, "no data")) made->managed.tensor.data = NULL;
  if (is(self, "no tensor")) *out = NULL;
  if (is(self, "NaN")) made->values[3] = NAN;
  return SENTRY_OK;
}

static int64_t name(const sentry_dataset *self, int32_t split, int64_t index, char *buffer, int64_t capacity) {
  (void)self;
  return snprintf(buffer, capacity > 0 ? (size_t)capacity : 0, "generated %d/%lld", (int)split, (long long)index);
}

static int64_t group(const sentry_dataset *self, int32_t split, int64_t index) { return (void)self, (void)split, (void)index, -1; }

static const void *object_extension(const sentry_dataset *self, const char *id) {
  static const sentry_dataset_statistics half = {.struct_size = sizeof half};
  return is(self, "half an extension") && strcmp(id, SENTRY_EXTENSION_DATASET_STATISTICS) == 0 ? &half : NULL;
}

static void destroy(sentry_dataset *self) {
  free(((dataset *)self)->description);
  free(self);
}

static char *written(const dataset *self) {
  int classes = is(&self->border, "5000 classes") ? CLASSES : 2;
  char *text = malloc(256 + (size_t)classes * 16), *end = text;
  if (!text) return NULL;
  const char *shape = is(&self->border, "describes 2^40") ? "1099511627776"
                      : is(&self->border, "describes -7") ? "-7, 16, 16"
                      : is(&self->border, "any size")     ? "-1, -1, -1"
                                                          : "1, 16, 16";
  end += sprintf(end, "{\"sample\": {\"dtype\": \"float32\", \"shape\": [%s], \"layout\": \"CHW\"}, \"notes\": [], \"tasks\": [", shape);
  end += sprintf(end, "{\"name\": \"t\", \"classes\": [");
  for (int i = 0; i < classes; i++) end += sprintf(end, "%s\"class-%d\"", i ? ", " : "", i);
  sprintf(end, "]}]}");
  return text;
}

static sentry_status create(const sentry_factory *self, const char *options, void **object, sentry_error *error) {
  (void)self, (void)error;
  dataset *made = calloc(1, sizeof *made);
  if (!made) return SENTRY_NO_MEMORY;
  const char *act = strstr(options, "\"act\":\"");
  if (act) snprintf(made->act, sizeof made->act, "%.*s", (int)strcspn(act + 7, "\""), act + 7);
  made->description = written(made);
  made->border = (sentry_dataset){.struct_size = sizeof made->border, .destroy = destroy, .describe = describe, .count = count,
                                  .targets = targets, .sample = sample, .name = name, .group = group,
                                  .get_extension = object_extension};
  if (is(&made->border, "null function")) made->border.targets = NULL;
  if (is(&made->border, "fails to be made")) return destroy(&made->border), SENTRY_FAILED;
  *object = &made->border;
  return SENTRY_OK;
}

static const sentry_factory factory = {
    .struct_size = sizeof factory, .kind = SENTRY_KIND_DATASET, .name = "guest", .summary = "Numbers in two classes.",
    .options_schema = "{\"type\": \"object\", \"additionalProperties\": false, \"properties\": {"
                      "\"path\": {\"type\": \"string\", \"format\": \"path\", \"description\": \"Any folder.\"}, "
                      "\"act\": {\"type\": \"string\", \"default\": \"\", \"description\": \"What it does.\"}}}",
#ifndef null_create
    .create = create
#endif
};

static const sentry_factory *get_factory(const sentry_plugin *self, uint32_t index) {
  return (void)create, (void)self, (void)index, &factory;
}
static const char *get_recipe(const sentry_plugin *self, uint32_t index) { return (void)self, (void)index, NULL; }
static const void *get_extension(const sentry_plugin *self, const char *id) { return (void)self, (void)id, NULL; }

static const sentry_plugin plugin = {
    .struct_size = sizeof plugin, .abi_major = SENTRY_ABI_MAJOR, .abi_minor = SENTRY_ABI_MINOR, .name = "guests",
    .version = "1.0.0", .summary = "Does what it is told, and worse.", .factory_count = 1, .get_factory = get_factory,
#ifndef null_get_recipe
    .get_recipe = get_recipe,
#endif
    .get_extension = get_extension};

const sentry_plugin *sentry_plugin_entry_v1(const sentry_host *host, sentry_error *error) {
  return (void)get_recipe, (void)host, (void)error, &plugin;
}
