/* A dataset in C11: small generated images of two classes, bright above or bright below. Nothing of Swift in it. */
#include <sentry_plugin.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SIDE = 16 };

/* What was made and not yet freed: the test of leaks asks for it. */
static _Atomic int datasets, images, errors;

typedef struct {
  sentry_dataset border; /* first: a pointer to the one is a pointer to the other */
  int64_t count;
} dataset;

typedef struct {
  sentry_managed_tensor managed;
  int64_t shape[3];
  uint8_t pixels[SIDE * SIDE];
} image;

static void error_destroy(sentry_error *error) {
  if (error->owner) errors--;
  free(error->owner);
  error->owner = NULL;
  error->message = NULL;
}

static sentry_status fail(sentry_error *error, sentry_status code, const char *what, long long value) {
  char *text = malloc(96);
  if (text) {
    errors++;
    snprintf(text, 96, "%s %lld", what, value);
  }
  error->code = code;
  error->message = text;
  error->owner = text;
  error->destroy = error_destroy;
  return code;
}

static const char *describe(const sentry_dataset *self) {
  (void)self;
  return "{\"sample\": {\"dtype\": \"uint8\", \"shape\": [16, 16, 1], \"layout\": \"HWC\"},"
         " \"tasks\": [{\"name\": \"light\", \"classes\": [\"above\", \"below\"]}],"
         " \"notes\": [\"generated in C\"]}";
}

static int64_t count(const sentry_dataset *self, int32_t split) {
  int64_t train = ((const dataset *)self)->count;
  return split == SENTRY_SPLIT_TRAIN ? train : split == SENTRY_SPLIT_VALIDATION ? (train + 3) / 4 : 0;
}

static sentry_status check(const sentry_dataset *self, int32_t split, int64_t index, sentry_error *error) {
  if (index >= 0 && index < count(self, split)) return SENTRY_OK;
  return fail(error, SENTRY_INVALID, "there is no sample", (long long)index);
}

static sentry_status targets(const sentry_dataset *self, int32_t split, int64_t index, int64_t *out, sentry_error *error) {
  sentry_status status = check(self, split, index, error);
  if (status == SENTRY_OK) *out = index % 2;
  return status;
}

static void image_free(sentry_managed_tensor *self) {
  images--;
  free(self->manager_ctx);
}

static sentry_status sample(const sentry_dataset *self, int32_t split, int64_t index, sentry_managed_tensor **out,
                            sentry_error *error) {
  sentry_status status = check(self, split, index, error);
  if (status != SENTRY_OK) return status;
  image *made = calloc(1, sizeof *made);
  if (!made) return fail(error, SENTRY_NO_MEMORY, "no memory for sample", (long long)index);
  images++;
  uint32_t noise = (uint32_t)index * 2654435761u + (uint32_t)split * 40503u + 1u;
  for (int i = 0; i < SIDE * SIDE; i++) {
    noise = noise * 1664525u + 1013904223u;
    int bright = (i < SIDE * SIDE / 2) == (index % 2 == 0);
    made->pixels[i] = (uint8_t)((bright ? 150 : 50) + (noise >> 24) % 50);
  }
  made->shape[0] = made->shape[1] = SIDE;
  made->shape[2] = 1;
  made->managed = (sentry_managed_tensor){.dlpack_major = 1, .manager_ctx = made, .deleter = image_free};
  made->managed.tensor = (sentry_tensor){.data = made->pixels,
                                         .device = {SENTRY_DEVICE_CPU, 0},
                                         .ndim = 3,
                                         .dtype = {SENTRY_DTYPE_UINT, 8, 1},
                                         .shape = made->shape};
  *out = &made->managed;
  return SENTRY_OK;
}

static int64_t name(const sentry_dataset *self, int32_t split, int64_t index, char *buffer, int64_t capacity) {
  (void)self;
  size_t room = capacity > 0 ? (size_t)capacity : 0;
  if (index < 0) return snprintf(buffer, room, "alive: %d datasets, %d samples, %d errors", datasets, images, errors);
  return snprintf(buffer, room, "generated %d/%lld", (int)split, (long long)index);
}

static int64_t group(const sentry_dataset *self, int32_t split, int64_t index) {
  return (void)self, (void)split, (void)index, -1;
}
static const void *no_extension(const sentry_dataset *self, const char *id) { return (void)self, (void)id, NULL; }
static void destroy(sentry_dataset *self) {
  datasets--;
  free(self);
}

/* The host has checked the options and filled in the defaults: "count" is there and a number. */
static sentry_status create(const sentry_factory *self, const char *options, void **object, sentry_error *error) {
  (void)self;
  const char *found = strstr(options, "\"count\":");
  if (!found) return fail(error, SENTRY_INVALID, "the option count is missing; characters of options:", (long long)strlen(options));
  dataset *made = calloc(1, sizeof *made);
  if (!made) return fail(error, SENTRY_NO_MEMORY, "no memory for bytes:", (long long)sizeof *made);
  datasets++;
  made->count = strtoll(found + strlen("\"count\":"), NULL, 10);
  made->border = (sentry_dataset){.struct_size = sizeof made->border, .destroy = destroy, .describe = describe, .count = count,
                                  .targets = targets, .sample = sample, .name = name, .group = group,
                                  .get_extension = no_extension};
  *object = &made->border;
  return SENTRY_OK;
}

static const sentry_factory factory = {
    .struct_size = sizeof factory, .kind = SENTRY_KIND_DATASET, .name = "test-c-light", .summary = "Two classes of light, in C.",
    .options_schema = "{\"type\": \"object\", \"additionalProperties\": false, \"properties\": {\"count\": {\"type\": \"integer\","
                      " \"default\": 64, \"minimum\": 4, \"description\": \"Training samples.\"}}}",
    .create = create};

static const sentry_factory *get_factory(const sentry_plugin *self, uint32_t index) {
  return (void)self, index == 0 ? &factory : NULL;
}
static const char *get_recipe(const sentry_plugin *self, uint32_t index) { return (void)self, (void)index, NULL; }
static const void *get_extension(const sentry_plugin *self, const char *id) { return (void)self, (void)id, NULL; }

/* The tests also build this file for other versions of the border. */
#ifndef MAJOR
#define MAJOR SENTRY_ABI_MAJOR
#endif
#ifndef MINOR
#define MINOR SENTRY_ABI_MINOR
#endif
static const sentry_plugin plugin = {
    .struct_size = sizeof plugin, .abi_major = MAJOR, .abi_minor = MINOR, .name = "test-dataset-c", .version = "1.0.0",
    .summary = "A plugin without Swift.", .factory_count = 1, .get_factory = get_factory, .get_recipe = get_recipe,
    .get_extension = get_extension};

const sentry_plugin *sentry_plugin_entry_v1(const sentry_host *host, sentry_error *error) {
  (void)error;
  host->log(host, SENTRY_LOG_DEBUG, plugin.name, "the entry was called");
  return &plugin;
}
