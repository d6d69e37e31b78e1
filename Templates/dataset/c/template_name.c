/* A dataset in C: grey images with a bright spot in the left or in the right half, generated. Put your samples here. */
#include <sentry/author.h>

typedef struct {
  sentry_dataset border; /* first: a pointer to the one is a pointer to the other */
  int64_t count, size;
  char *description;
} dataset;

static const char *describe(const sentry_dataset *self) { return ((const dataset *)self)->description; }

/* 0 for a split that does not exist. Without a validation split, the host holds one out. */
static int64_t count(const sentry_dataset *self, int32_t split) {
  int64_t train = ((const dataset *)self)->count;
  return split == SENTRY_SPLIT_TRAIN ? train : split == SENTRY_SPLIT_VALIDATION ? train / 4 : 0;
}

static sentry_status check(const sentry_dataset *self, int32_t split, int64_t index, sentry_error *error) {
  if (index >= 0 && index < count(self, split)) return SENTRY_OK;
  return sentry_fail(error, SENTRY_INVALID, NULL, "there is no sample %lld in split %d, which has %lld", (long long)index, (int)split,
                     (long long)count(self, split));
}

/* One class for each task, SENTRY_TARGET_MISSING where it is unknown. Cheap: the host asks for all of them before it trains. */
static sentry_status targets(const sentry_dataset *self, int32_t split, int64_t index, int64_t *out, sentry_error *error) {
  sentry_status status = check(self, split, index, error);
  if (status == SENTRY_OK) out[0] = index % 2;
  return status;
}

/* Called from several threads at once. A damaged sample is SENTRY_BAD_DATA, which a run may skip. */
static sentry_status sample(const sentry_dataset *self, int32_t split, int64_t index, sentry_managed_tensor **out,
                            sentry_error *error) {
  sentry_status status = check(self, split, index, error);
  if (status != SENTRY_OK) return status;
  int64_t size = ((const dataset *)self)->size, half = size / 2, shape[] = {size, size, 1};
  sentry_managed_tensor *made = sentry_tensor_new(sentry_uint8(), 3, shape);
  if (!made) return sentry_no_memory(error, "a sample");
  uint8_t *pixels = (uint8_t *)sentry_tensor_data(&made->tensor);
  /* Knuth's linear congruential generator, "The Art of Computer Programming", volume 2: its upper bits are good enough. */
  uint64_t random = (uint64_t)index * 3 + (uint64_t)split;
#define RANDOM(bound) ((int64_t)((random = random * 6364136223846793005u + 1442695040888963407u) >> 33) % (bound))
  (void)RANDOM(2);
  int64_t row = RANDOM(size), column = half / 4 + RANDOM(half / 2) + index % 2 * half;
  for (int64_t i = 0; i < size * size; i++) {
    int64_t dy = i / size - row, dx = i % size - column;
    pixels[i] = (uint8_t)((dy * dy + dx * dx <= size * size / 64 ? 200 : 60) + RANDOM(40));
  }
#undef RANDOM
  *out = made; /* handed over: the host ends it */
  return SENTRY_OK;
}

/* Where the sample comes from: messages name it. */
static int64_t name(const sentry_dataset *self, int32_t split, int64_t index, char *buffer, int64_t capacity) {
  (void)self;
  static const char *const splits[] = {"train", "validation", "test"};
  return snprintf(buffer, capacity > 0 ? (size_t)capacity : 0, "%s %lld", split >= 0 && split < 3 ? splits[split] : "?",
                  (long long)index);
}

/* Samples of one group, such as those of one person, stay together where a split is held out; -1: unknown. */
static int64_t group(const sentry_dataset *self, int32_t split, int64_t index) {
  (void)self, (void)split, (void)index;
  return -1;
}

static const void *get_extension(const sentry_dataset *self, const char *id) {
  (void)self, (void)id;
  return NULL;
}

static void destroy(sentry_dataset *self) {
  free(((dataset *)self)->description);
  free(self);
}

/* The host has checked the options against the schema below and filled in the defaults. */
static sentry_status create(const sentry_factory *self, const char *options, void **object, sentry_error *error) {
  (void)self;
  int64_t count_option, size;
  if (sentry_option_integer(options, "count", &count_option, error)) return error->code;
  if (sentry_option_integer(options, "size", &size, error)) return error->code;
  sentry_text text = {0};
  sentry_text_add(&text, "{\"sample\": {\"dtype\": \"uint8\", \"layout\": \"HWC\", \"shape\": [");
  sentry_text_add_integer(&text, size);
  sentry_text_add(&text, ", ");
  sentry_text_add_integer(&text, size);
  sentry_text_add(&text, ", 1]}, \"tasks\": [{\"name\": \"side\", \"classes\": [\"left\", \"right\"]}], \"notes\": []}");
  dataset *made = (dataset *)calloc(1, sizeof *made);
  if (!made || !text.bytes) {
    free(made);
    free(text.bytes);
    return sentry_no_memory(error, "the dataset");
  }
  made->border = (sentry_dataset){.struct_size = sizeof made->border,
                                  .destroy = destroy,
                                  .describe = describe,
                                  .count = count,
                                  .targets = targets,
                                  .sample = sample,
                                  .name = name,
                                  .group = group,
                                  .get_extension = get_extension};
  made->count = count_option;
  made->size = size;
  made->description = text.bytes;
  *object = &made->border;
  return SENTRY_OK;
}

static const sentry_factory factory = {
    .struct_size = sizeof factory,
    .kind = SENTRY_KIND_DATASET,
    .name = "template-name",
    .summary = "Generated images of a bright spot, left or right",
    .options_schema = "{\"type\": \"object\", \"additionalProperties\": false, \"properties\": {"
                      "\"count\": {\"type\": \"integer\", \"default\": 1000, \"minimum\": 8,"
                      " \"description\": \"Training images; a quarter as many for validation.\"},"
                      "\"size\": {\"type\": \"integer\", \"default\": 48, \"minimum\": 16, \"maximum\": 512,"
                      " \"description\": \"The side of an image in pixels.\"}}}",
    .create = create};

static const sentry_factory *get_factory(const sentry_plugin *self, uint32_t index) {
  (void)self;
  return index == 0 ? &factory : NULL;
}

static const char *get_recipe(const sentry_plugin *self, uint32_t index) {
  (void)self, (void)index;
  return NULL;
}

static const void *get_plugin_extension(const sentry_plugin *self, const char *id) {
  (void)self, (void)id;
  return NULL;
}

static const sentry_plugin plugin = {.struct_size = sizeof plugin,
                                     .abi_major = SENTRY_ABI_MAJOR,
                                     .abi_minor = SENTRY_ABI_MINOR,
                                     .name = "template-kind-template-name",
                                     .version = "0.1.0",
                                     .summary = "The template-kind template-name",
                                     .factory_count = 1,
                                     .get_factory = get_factory,
                                     .get_recipe = get_recipe,
                                     .get_extension = get_plugin_extension};

/* The one exported function. */
const sentry_plugin *sentry_plugin_entry_v1(const sentry_host *host, sentry_error *error) {
  (void)host, (void)error;
  return &plugin;
}
