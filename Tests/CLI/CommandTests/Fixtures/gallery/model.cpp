// A linear model in C++17 that keeps every promise of the border, but for the one that a macro names.
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <sentry_plugin.h>
#include <stdexcept>
#include <string>
#include <vector>

namespace {
constexpr int64_t inputs = 5, classes = 3;

struct Parameter {
  const char *name;
  std::vector<int64_t> shape;
  std::vector<float> value, gradient;
  sentry_tensor value_view{}, gradient_view{};

  Parameter(const char *name, std::vector<int64_t> extents) : name(name), shape(std::move(extents)) {
    size_t count = 1;
    for (int64_t extent : shape) count *= static_cast<size_t>(extent);
    value.assign(count, 0);
    gradient.assign(count, 0);
    for (auto [view, data] : {std::pair{&value_view, value.data()}, std::pair{&gradient_view, gradient.data()}}) {
      view->data = data;
      view->device = {SENTRY_DEVICE_CPU, 0};
      view->dtype = {SENTRY_DTYPE_FLOAT, 32, 1};
      view->ndim = static_cast<int32_t>(shape.size());
      view->shape = shape.data();
    }
  }
  Parameter(const Parameter &) = delete;
};

struct Model {
  sentry_model border{};  // first: a pointer to the one is a pointer to the other
  Parameter weight{"weight", {classes, inputs}}, bias{"bias", {classes}};
  std::vector<float> input;
};

Model &self(const sentry_model *border) { return *reinterpret_cast<Model *>(const_cast<sentry_model *>(border)); }

struct Output {
  sentry_managed_tensor managed{};
  int64_t shape[2];
  std::vector<float> values;
};

sentry_status fail(sentry_error *error, sentry_status code, const std::string &message) {
  error->code = code;
  error->owner = strdup(message.c_str());
  error->message = static_cast<const char *>(error->owner);
  error->destroy = [](sentry_error *error) {
    free(error->owner);
    error->owner = nullptr;
    error->message = nullptr;
  };
  return code;
}

sentry_status forward(const sentry_model *border, const sentry_tensor *input, uint32_t flags, uint64_t,
                      sentry_managed_tensor **outputs, sentry_error *error) {
#ifdef throws
  throw std::runtime_error("nobody catches this");
#endif
  Model &model = self(border);
  if (input->ndim != 2 || input->shape[1] != inputs || input->shape[0] < 1 || input->dtype.code != SENTRY_DTYPE_FLOAT ||
      input->dtype.bits != 32)
    return fail(error, SENTRY_INVALID, "the input is not float32 [N, 5]");
  int64_t samples = input->shape[0];
  const float *x = reinterpret_cast<const float *>(static_cast<const char *>(input->data) + input->byte_offset);
  if (flags & SENTRY_FORWARD_TRAINING) model.input.assign(x, x + samples * inputs);
  Output *made = new Output;
  made->shape[0] = samples;
  made->shape[1] = classes;
  made->values.resize(static_cast<size_t>(samples * classes));
  for (int64_t row = 0; row < samples; row++)
    for (int64_t c = 0; c < classes; c++) {
      float sum = model.bias.value[c];
      for (int64_t i = 0; i < inputs; i++) sum += model.weight.value[c * inputs + i] * x[row * inputs + i];
#ifdef looks_at_others
      sum += x[0];
#endif
      made->values[row * classes + c] = sum;
    }
  made->managed.dlpack_major = 1;
  made->managed.manager_ctx = made;
  made->managed.deleter = [](sentry_managed_tensor *tensor) { delete static_cast<Output *>(tensor->manager_ctx); };
  made->managed.tensor.data = made->values.data();
  made->managed.tensor.device = {SENTRY_DEVICE_CPU, 0};
  made->managed.tensor.ndim = 2;
  made->managed.tensor.dtype = {SENTRY_DTYPE_FLOAT, 32, 1};
  made->managed.tensor.shape = made->shape;
  outputs[0] = &made->managed;
  return SENTRY_OK;
}

sentry_status backward(const sentry_model *border, const sentry_tensor *const *gradients, uint32_t flags, sentry_error *error) {
  Model &model = self(border);
  if (model.input.empty()) return fail(error, SENTRY_INVALID, "backward without a forward pass");
  if (!(flags & SENTRY_BACKWARD_ACCUMULATE)) {
    std::fill(model.weight.gradient.begin(), model.weight.gradient.end(), 0.0f);
    std::fill(model.bias.gradient.begin(), model.bias.gradient.end(), 0.0f);
  }
  if (!gradients[0]) return SENTRY_OK;
  const float *slopes =
      reinterpret_cast<const float *>(static_cast<const char *>(gradients[0]->data) + gradients[0]->byte_offset);
#ifdef gradient_too_large
  const float scale = 1.05f;
#else
  const float scale = 1;
#endif
  for (size_t row = 0; row < model.input.size() / inputs; row++)
    for (int64_t c = 0; c < classes; c++) {
      float slope = scale * slopes[row * classes + c];
      model.bias.gradient[c] += slope;
      for (int64_t i = 0; i < inputs; i++) model.weight.gradient[c * inputs + i] += slope * model.input[row * inputs + i];
    }
  return SENTRY_OK;
}

sentry_status parameter(const sentry_model *border, int64_t index, sentry_named_tensor *out, sentry_error *error) {
  if (index < 0 || index > 1) return fail(error, SENTRY_INVALID, "there is no such parameter");
  Parameter &parameter = index == 0 ? self(border).weight : self(border).bias;
  out->flags = SENTRY_TENSOR_TRAINABLE;
  out->name = parameter.name;
  out->value = &parameter.value_view;
  out->gradient = &parameter.gradient_view;
  return SENTRY_OK;
}

sentry_status create(const sentry_factory *, const char *options, void **object, sentry_error *) {
  Model *model = new Model;
  uint64_t state = 7;
  if (const char *seed = strstr(options, "\"seed\":")) state = strtoull(seed + 7, nullptr, 10);
  for (float &value : model->weight.value) {
    state = state * 6364136223846793005ull + 1442695040888963407ull;
    value = static_cast<float>(static_cast<double>(state >> 40) / (1 << 24) - 0.5);
  }
  model->border.struct_size = sizeof model->border;
  model->border.destroy = [](sentry_model *border) { delete &self(border); };
  model->border.describe = [](const sentry_model *) {
    return "{\"input\": {\"dtype\": \"float32\", \"shape\": [5]}, \"architecture\": \"linear\", \"outputs\": [{\"name\": \"t\","
           " \"kind\": \"logits\", \"classes\": [\"a\", \"b\", \"c\"]}]}";
  };
  model->border.parameter_count = [](const sentry_model *) { return int64_t{2}; };
  model->border.parameter = parameter;
  model->border.forward = forward;
  model->border.backward = backward;
  model->border.parameters_changed = [](const sentry_model *, sentry_error *) -> sentry_status { return SENTRY_OK; };
  model->border.get_extension = [](const sentry_model *, const char *) -> const void * { return nullptr; };
  *object = model;
  return SENTRY_OK;
}

sentry_factory factory;
sentry_plugin plugin;
}  // namespace

const sentry_plugin *sentry_plugin_entry_v1(const sentry_host *, sentry_error *) {
  factory.struct_size = sizeof factory;
  factory.kind = SENTRY_KIND_MODEL;
  factory.name = "linear";
  factory.summary = "A linear classifier.";
  factory.options_schema =
      "{\"type\": \"object\", \"additionalProperties\": false, \"properties\": {\"seed\": {\"type\": \"integer\", \"default\": 1,"
      " \"description\": \"Of the weights.\"}}}";
  factory.create = create;
  plugin.struct_size = sizeof plugin;
  plugin.abi_major = SENTRY_ABI_MAJOR;
  plugin.abi_minor = SENTRY_ABI_MINOR;
  plugin.name = "gallery-model";
  plugin.version = "1.0.0";
  plugin.summary = "Sound, but for one fault.";
  plugin.factory_count = 1;
  plugin.get_factory = [](const sentry_plugin *, uint32_t) -> const sentry_factory * { return &factory; };
  plugin.get_recipe = [](const sentry_plugin *, uint32_t) -> const char * { return nullptr; };
  plugin.get_extension = [](const sentry_plugin *, const char *) -> const void * { return nullptr; };
  return &plugin;
}
