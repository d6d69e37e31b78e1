/* An augmenter in C: images of any size and number of channels to grey ones of one size, from -1 to 1; flipped and with another contrast
 * at random in training. */
#include <sentry/author.h>

typedef struct {
  sentry_augmenter border; /* first: a pointer to the one is a pointer to the other */
  int64_t size;
  char *description;
} augmenter;

static const char *describe(const sentry_augmenter *self) { return ((const augmenter *)self)->description; }

/* Called from several threads at once. All randomness comes from the seed, so that a run can be repeated. */
static sentry_status apply(const sentry_augmenter *self, const sentry_tensor *input, int32_t strength, uint64_t seed,
                           sentry_managed_tensor **output, sentry_error *error) {
  static const int64_t any[] = {-1, -1, -1};
  if (sentry_tensor_check(input, "the image", sentry_uint8(), 3, any, error)) return error->code;
  int64_t height = input->shape[0], width = input->shape[1], channels = input->shape[2];
  int64_t size = ((const augmenter *)self)->size, shape[] = {1, size, size};
  float range;
  switch (strength) {
    case SENTRY_AUGMENT_NONE: range = 0; break;
    case SENTRY_AUGMENT_MILD: range = 0.1f; break;
    case SENTRY_AUGMENT_STANDARD: range = 0.2f; break;
    case SENTRY_AUGMENT_STRONG: range = 0.4f; break;
    default: return sentry_fail(error, SENTRY_UNSUPPORTED, NULL, "there is no augmentation of strength %d", (int)strength);
  }
  /* The finaliser of SplitMix64: seeds that differ little give bits that differ much. */
  uint64_t bits = (seed ^ seed >> 30) * 0xbf58476d1ce4e5b9u;
  bits = (bits ^ bits >> 27) * 0x94d049bb133111ebu;
  bits ^= bits >> 31;
  int flips = strength != SENTRY_AUGMENT_NONE && (bits & 1);
  float contrast = 1 + range * ((float)(bits >> 40) / 8388608 - 1);

  sentry_managed_tensor *made = sentry_tensor_new(sentry_float32(), 3, shape);
  if (!made) return sentry_no_memory(error, "an image");
  const uint8_t *pixels = (const uint8_t *)sentry_tensor_data(input);
  float *values = sentry_tensor_floats(&made->tensor);
  for (int64_t y = 0; y < size; y++) {
    for (int64_t x = 0; x < size; x++) {
      /* The nearest pixel; an image library does this better. */
      int64_t row = (2 * y + 1) * height / (2 * size), column = (2 * x + 1) * width / (2 * size), sum = 0;
      for (int64_t c = 0; c < channels; c++) sum += pixels[(row * width + column) * channels + c];
      values[y * size + (flips ? size - 1 - x : x)] = ((float)sum / (float)channels / 255 - 0.5f) / 0.5f * contrast;
    }
  }
  *output = made; /* handed over: the host ends it */
  return SENTRY_OK;
}

static const void *get_extension(const sentry_augmenter *self, const char *id) {
  (void)self, (void)id;
  return NULL;
}

static void destroy(sentry_augmenter *self) {
  free(((augmenter *)self)->description);
  free(self);
}

/* The host has checked the options against the schema below and filled in the defaults. */
static sentry_status create(const sentry_factory *self, const char *options, void **object, sentry_error *error) {
  (void)self;
  int64_t size;
  if (sentry_option_integer(options, "size", &size, error)) return error->code;
  sentry_text text = {0};
  sentry_text_add(&text, "{\"input\": {\"dtype\": \"uint8\", \"shape\": [-1, -1, -1], \"layout\": \"HWC\"},"
                         " \"output\": {\"dtype\": \"float32\", \"layout\": \"CHW\", \"shape\": [1, ");
  sentry_text_add_integer(&text, size);
  sentry_text_add(&text, ", ");
  sentry_text_add_integer(&text, size);
  /* Kept in checkpoints, for whoever uses the model without this plugin. */
  sentry_text_add(&text, "]}, \"normalisation\": {\"channels\": \"grey\", \"scale\": 0.00392156862745098, \"mean\": [0.5], \"std\": [0.5]}}");
  augmenter *made = (augmenter *)calloc(1, sizeof *made);
  if (!made || !text.bytes) {
    free(made);
    free(text.bytes);
    return sentry_no_memory(error, "the augmenter");
  }
  made->border = (sentry_augmenter){.struct_size = sizeof made->border,
                                    .destroy = destroy,
                                    .describe = describe,
                                    .apply = apply,
                                    .get_extension = get_extension};
  made->size = size;
  made->description = text.bytes;
  *object = &made->border;
  return SENTRY_OK;
}

/* Recipes set options by their names: --image-size of `sentry train emotion` sets the augmenter's `size`. */
static const sentry_factory factory = {
    .struct_size = sizeof factory,
    .kind = SENTRY_KIND_AUGMENTER,
    .name = "frozen-augmenter-1-3",
    .summary = "Grey images of one size; flipped and with another contrast in training",
    .options_schema = "{\"type\": \"object\", \"additionalProperties\": false, \"properties\": {"
                      "\"size\": {\"type\": \"integer\", \"default\": 48, \"minimum\": 8, \"maximum\": 1024,"
                      " \"description\": \"Height and width of the result in pixels.\"}}}",
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
                                     .name = "frozen-augmenter-1-3",
                                     .version = "0.1.0",
                                     .summary = "The augmenter frozen-augmenter-1-3",
                                     .factory_count = 1,
                                     .get_factory = get_factory,
                                     .get_recipe = get_recipe,
                                     .get_extension = get_plugin_extension};

/* The one exported function. */
const sentry_plugin *sentry_plugin_entry_v1(const sentry_host *host, sentry_error *error) {
  (void)host, (void)error;
  return &plugin;
}
