/* A model in C: a linear classifier for each task over the values of the input, with its backward pass. */
#include <math.h>
#include <sentry/author.h>

enum { MOST_TASKS = 16 };

/* One task: logits = weight · input + bias. */
typedef struct {
  int64_t classes;
  sentry_managed_tensor *value[2], *gradient[2]; /* weight [classes, width], bias [classes] */
  char *names[2];
} head;

typedef struct {
  sentry_model border; /* first: a pointer to the one is a pointer to the other */
  const sentry_host *host;
  char *description;
  int32_t axes;                                /* of one sample */
  int64_t shape[1 + SENTRY_AUTHOR_MOST_AXES]; /* of a batch; the first extent varies */
  int64_t width, head_count;
  head heads[MOST_TASKS];
  float *input; /* of the last training pass: the caller's memory is the caller's */
  int64_t batch, room;
} model;

static const sentry_host *the_host;

static const char *describe(const sentry_model *self) { return ((const model *)self)->description; }

static int64_t parameter_count(const sentry_model *self) { return 2 * ((const model *)self)->head_count; }

/* In the order of the checkpoint. Values and gradients stay where they are until the model is destroyed: the trainer writes the one
 * and reads the other. */
static sentry_status parameter(const sentry_model *self, int64_t index, sentry_named_tensor *out, sentry_error *error) {
  const model *me = (const model *)self;
  if (index < 0 || index >= parameter_count(self))
    return sentry_fail(error, SENTRY_INVALID, NULL, "there is no parameter %lld", (long long)index);
  const head *of = &me->heads[index / 2];
  out->flags = SENTRY_TENSOR_TRAINABLE;
  out->name = of->names[index % 2];
  out->value = &of->value[index % 2]->tensor;
  out->gradient = &of->gradient[index % 2]->tensor;
  return SENTRY_OK;
}

/* What the threads of the host do at once: one sample each. */
typedef struct {
  const model *me;
  const float *input;
  float *outputs[MOST_TASKS];
} pass;

static void forward_sample(void *user, int64_t row, int32_t thread) {
  (void)thread;
  const pass *of = (const pass *)user;
  const float *x = of->input + row * of->me->width;
  for (int64_t h = 0; h < of->me->head_count; h++) {
    const head *head = &of->me->heads[h];
    const float *weight = sentry_tensor_floats(&head->value[0]->tensor), *bias = sentry_tensor_floats(&head->value[1]->tensor);
    for (int64_t c = 0; c < head->classes; c++) {
      float sum = bias[c];
      for (int64_t i = 0; i < of->me->width; i++) sum += weight[c * of->me->width + i] * x[i];
      of->outputs[h][row * head->classes + c] = sum;
    }
  }
}

/* One output for each one in the description, in that order; each is handed over. */
static sentry_status forward(const sentry_model *self, const sentry_tensor *input, uint32_t flags, uint64_t seed,
                             sentry_managed_tensor **outputs, sentry_error *error) {
  (void)seed; /* of drop-out, which this model does not have */
  model *me = (model *)self;
  me->batch = 0;
  if (flags & SENTRY_FORWARD_SAMPLE) return sentry_fail(error, SENTRY_UNSUPPORTED, NULL, "this model has no drop-out to sample");
  if (sentry_tensor_check(input, "the input", sentry_float32(), me->axes + 1, me->shape, error)) return error->code;
  int64_t batch = input->shape[0];
  pass of = {.me = me, .input = sentry_tensor_floats(input)};
  for (int64_t h = 0; h < me->head_count; h++) {
    int64_t shape[] = {batch, me->heads[h].classes};
    outputs[h] = sentry_tensor_new(sentry_float32(), 2, shape);
    if (!outputs[h]) {
      while (h-- > 0) {
        outputs[h]->deleter(outputs[h]);
        outputs[h] = NULL;
      }
      return sentry_no_memory(error, "the logits");
    }
    of.outputs[h] = sentry_tensor_floats(&outputs[h]->tensor);
  }
  me->host->parallel_for(me->host, batch, &of, forward_sample);
  if (!(flags & SENTRY_FORWARD_TRAINING)) return SENTRY_OK;
  if (batch > me->room) {
    float *longer = (float *)realloc(me->input, sizeof(float) * (size_t)(batch * me->width));
    if (!longer) {
      for (int64_t h = 0; h < me->head_count; h++) {
        outputs[h]->deleter(outputs[h]);
        outputs[h] = NULL;
      }
      return sentry_no_memory(error, "the input");
    }
    me->input = longer;
    me->room = batch;
  }
  memcpy(me->input, of.input, sizeof(float) * (size_t)(batch * me->width));
  me->batch = batch;
  return SENTRY_OK;
}

/* The gradient of the loss for each output, in their order; null: zero. The gradients of the parameters are replaced, or with the flag
 * added to. */
static sentry_status backward(const sentry_model *self, const sentry_tensor *const *gradients, uint32_t flags, sentry_error *error) {
  model *me = (model *)self;
  if (me->batch == 0) return sentry_fail(error, SENTRY_INVALID, NULL, "a backward pass without a forward pass for training");
  for (int64_t h = 0; h < me->head_count; h++) {
    head *head = &me->heads[h];
    int64_t shape[] = {me->batch, head->classes};
    float *dw = sentry_tensor_floats(&head->gradient[0]->tensor), *db = sentry_tensor_floats(&head->gradient[1]->tensor);
    if (gradients[h] && sentry_tensor_check(gradients[h], "the gradient of the logits", sentry_float32(), 2, shape, error))
      return error->code;
    if (!(flags & SENTRY_BACKWARD_ACCUMULATE)) {
      memset(dw, 0, sizeof(float) * (size_t)(head->classes * me->width));
      memset(db, 0, sizeof(float) * (size_t)head->classes);
    }
    if (!gradients[h]) continue;
    const float *dy = sentry_tensor_floats(gradients[h]);
    for (int64_t row = 0; row < me->batch; row++) {
      for (int64_t c = 0; c < head->classes; c++) {
        float slope = dy[row * head->classes + c];
        db[c] += slope;
        for (int64_t i = 0; i < me->width; i++) dw[c * me->width + i] += slope * me->input[row * me->width + i];
      }
    }
  }
  return SENTRY_OK;
}

/* Called after the trainer's step: a model that keeps copies of its parameters in another form makes them anew. This one has none. */
static sentry_status parameters_changed(const sentry_model *self, sentry_error *error) {
  (void)self, (void)error;
  return SENTRY_OK;
}

static const void *get_extension(const sentry_model *self, const char *id) {
  (void)self, (void)id;
  return NULL;
}

static void destroy(sentry_model *self) {
  model *me = (model *)self;
  for (int64_t h = 0; h < me->head_count; h++) {
    for (int i = 0; i < 2; i++) {
      if (me->heads[h].value[i]) me->heads[h].value[i]->deleter(me->heads[h].value[i]);
      if (me->heads[h].gradient[i]) me->heads[h].gradient[i]->deleter(me->heads[h].gradient[i]);
      free(me->heads[h].names[i]);
    }
  }
  free(me->input);
  free(me->description);
  free(me);
}

/* Values between -1/√width and 1/√width, as PyTorch's Linear begins. */
static void initialise(float *values, int64_t count, int64_t width, uint64_t *random) {
  float bound = 1 / sqrtf((float)width);
  for (int64_t i = 0; i < count; i++) {
    *random = *random * 6364136223846793005u + 1442695040888963407u;
    values[i] = bound * ((float)(*random >> 40) / 8388608 - 1);
  }
}

/* Makes weight and bias of one task, {"name": …, "classes": […]}. */
static sentry_status make_head(model *me, sentry_json task, uint64_t *random, sentry_error *error) {
  if (me->head_count == MOST_TASKS)
    return sentry_fail(error, SENTRY_UNSUPPORTED, NULL, "this model has at most %d tasks", MOST_TASKS);
  head *made = &me->heads[me->head_count++];
  made->classes = sentry_json_count(sentry_json_member(task, "classes"));
  char *name = sentry_json_string(sentry_json_member(task, "name"));
  if (!name || made->classes < 1) {
    free(name);
    return sentry_fail(error, SENTRY_INVALID, NULL, "a task has no name or no classes");
  }
  int64_t shape[] = {made->classes, me->width};
  for (int i = 0; i < 2; i++) {
    made->value[i] = sentry_tensor_new(sentry_float32(), 2 - i, shape);
    made->gradient[i] = sentry_tensor_new(sentry_float32(), 2 - i, shape);
    size_t room = strlen(name) + sizeof ".weight";
    made->names[i] = (char *)malloc(room);
    if (!made->value[i] || !made->gradient[i] || !made->names[i]) {
      free(name);
      return sentry_no_memory(error, "the parameters");
    }
    snprintf(made->names[i], room, "%s.%s", name, i == 0 ? "weight" : "bias");
    initialise(sentry_tensor_floats(&made->value[i]->tensor), sentry_tensor_count(&made->value[i]->tensor), me->width, random);
  }
  free(name);
  return SENTRY_OK;
}

/* The input of the description is that of the options, the outputs are the tasks of the options. */
static sentry_status describe_all(model *me, sentry_json input, sentry_json tasks, sentry_error *error) {
  sentry_text text = {0};
  sentry_text_add(&text, "{\"architecture\": \"linear\", \"input\": ");
  sentry_text_add_json(&text, input);
  sentry_text_add(&text, ", \"outputs\": [");
  sentry_json_place place = {0};
  for (const char *separator = ""; sentry_json_next(tasks, &place); separator = ", ") {
    sentry_text_add(&text, separator);
    sentry_text_add(&text, "{\"kind\": \"logits\", \"name\": ");
    sentry_text_add_json(&text, sentry_json_member(place.value, "name"));
    sentry_text_add(&text, ", \"classes\": ");
    sentry_text_add_json(&text, sentry_json_member(place.value, "classes"));
    sentry_text_add(&text, "}");
  }
  sentry_text_add(&text, "]}");
  me->description = text.bytes;
  return text.bytes ? SENTRY_OK : sentry_no_memory(error, "the description");
}

/* The host sets the options `tasks` (those of the dataset), `input` (what the augmenter makes of a sample) and `seed`, because the schema
 * below declares them. */
static sentry_status make(model *me, const char *options, sentry_error *error) {
  sentry_json input = sentry_option(options, "input"), tasks = sentry_option(options, "tasks");
  sentry_json extents = sentry_json_member(input, "shape");
  int64_t seed;
  if (sentry_option_integer(options, "seed", &seed, error)) return error->code;
  if (!sentry_json_is(sentry_json_member(input, "dtype"), "\"float32\"") || sentry_json_count(extents) < 1 ||
      sentry_json_count(extents) >= SENTRY_AUTHOR_MOST_AXES)
    return sentry_fail(error, SENTRY_INVALID, NULL, "this model takes float32 samples of one shape");
  me->width = 1;
  me->shape[0] = -1;
  sentry_json_place place = {0};
  while (sentry_json_next(extents, &place)) {
    int64_t extent;
    if (!sentry_json_integer(place.value, &extent) || extent < 1 || me->width > (1 << 28) / extent)
      return sentry_fail(error, SENTRY_INVALID, NULL, "this model takes samples of one shape, with at most 2^28 values");
    me->shape[++me->axes] = extent;
    me->width *= extent;
  }
  uint64_t random = (uint64_t)seed * 0x9e3779b97f4a7c15u + 1;
  memset(&place, 0, sizeof place);
  while (sentry_json_next(tasks, &place)) {
    if (make_head(me, place.value, &random, error)) return error->code;
  }
  if (me->head_count == 0) return sentry_fail(error, SENTRY_INVALID, NULL, "the dataset has no tasks");
  return describe_all(me, input, tasks, error);
}

static sentry_status create(const sentry_factory *self, const char *options, void **object, sentry_error *error) {
  (void)self;
  model *me = (model *)calloc(1, sizeof *me);
  if (!me) return sentry_no_memory(error, "the model");
  me->border = (sentry_model){.struct_size = sizeof me->border,
                              .destroy = destroy,
                              .describe = describe,
                              .parameter_count = parameter_count,
                              .parameter = parameter,
                              .forward = forward,
                              .backward = backward,
                              .parameters_changed = parameters_changed,
                              .get_extension = get_extension};
  me->host = the_host;
  sentry_status status = make(me, options, error);
  if (status != SENTRY_OK) {
    destroy(&me->border);
    return status;
  }
  *object = &me->border;
  return SENTRY_OK;
}

static const sentry_factory factory = {
    .struct_size = sizeof factory,
    .kind = SENTRY_KIND_MODEL,
    .name = "frozen-model-1-3",
    .summary = "A linear classifier for each task over the values of the input",
    .options_schema = "{\"type\": \"object\", \"additionalProperties\": false, \"properties\": {"
                      "\"tasks\": {\"type\": \"array\", \"x-sentry-host\": true, \"description\": \"The tasks of the dataset.\"},"
                      "\"input\": {\"type\": \"object\", \"x-sentry-host\": true, \"description\": \"Type and shape of the input.\"},"
                      "\"seed\": {\"type\": \"integer\", \"x-sentry-host\": true, \"description\": \"The seed of the run.\"}}}",
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
                                     .name = "frozen-model-1-3",
                                     .version = "0.1.0",
                                     .summary = "The model frozen-model-1-3",
                                     .factory_count = 1,
                                     .get_factory = get_factory,
                                     .get_recipe = get_recipe,
                                     .get_extension = get_plugin_extension};

/* The one exported function. */
const sentry_plugin *sentry_plugin_entry_v1(const sentry_host *host, sentry_error *error) {
  (void)error;
  the_host = host; /* valid until the process ends */
  return &plugin;
}
