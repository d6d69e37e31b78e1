// A model in C++: a hidden layer with ReLU and drop-out over the values of the input, and a head for each task, with its backward pass.
#include <sentry/author.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <memory>
#include <new>
#include <stdexcept>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

namespace {

const sentry_host *the_host;

/// An error with a code of the border: SENTRY_INVALID, SENTRY_BAD_DATA, …
struct Failure : std::runtime_error {
  sentry_status code;
  Failure(sentry_status code, const std::string &message) : std::runtime_error(message), code(code) {}
};

/// Runs the body of a function of the border: no exception may leave it.
template <typename Body>
sentry_status guarded(sentry_error *error, Body body) noexcept {
  try {
    body();
    return SENTRY_OK;
  } catch (const Failure &failure) {
    return sentry_fail(error, failure.code, nullptr, "%s", failure.what());
  } catch (const std::bad_alloc &) {
    return sentry_no_memory(error, "template-name");
  } catch (const std::exception &exception) {
    return sentry_fail(error, SENTRY_FAILED, nullptr, "%s", exception.what());
  } catch (...) {
    return sentry_fail(error, SENTRY_FAILED, nullptr, "an exception of an unknown type");
  }
}

/// Hands a status of sentry/author.h on as an exception; the message is kept.
void require(sentry_status status, sentry_error *error) {
  if (status == SENTRY_OK) return;
  std::string message = error->message ? error->message : "";
  if (error->destroy) error->destroy(error);
  throw Failure(status, message);
}

int64_t integer(const char *options, const char *name, sentry_error *error) {
  int64_t value = 0;
  require(sentry_option_integer(options, name, &value, error), error);
  return value;
}

/// A tensor that is not handed over yet.
struct Delete {
  void operator()(sentry_managed_tensor *tensor) const { tensor->deleter(tensor); }
};
using Owned = std::unique_ptr<sentry_managed_tensor, Delete>;

Owned make_tensor(sentry_dtype type, const std::vector<int64_t> &shape) {
  Owned tensor(sentry_tensor_new(type, static_cast<int32_t>(shape.size()), shape.data()));
  if (!tensor) throw std::bad_alloc();
  return tensor;
}

/// A parameter with its gradient. The memory stays where it is until the model goes: the trainer writes the one and reads the other.
struct Parameter {
  std::string name;
  Owned value, gradient;
  float *values() const { return sentry_tensor_floats(&value->tensor); }
  float *slopes() const { return sentry_tensor_floats(&gradient->tensor); }
  int64_t count() const { return sentry_tensor_count(&value->tensor); }
};

/// Runs body(row) for every row on the host's threads; a plugin starts none of its own.
template <typename Body>
void for_each_row(int64_t rows, Body body) {
  the_host->parallel_for(the_host, rows, &body, [](void *user, int64_t row, int32_t) { (*static_cast<Body *>(user))(row); });
}

/// y = weight · x + bias, of rows.
class Linear {
 public:
  Linear(const std::string &name, int64_t inputs, int64_t outputs, uint64_t &random, std::vector<Parameter> &parameters)
      : inputs_(inputs), outputs_(outputs), first_(parameters.size()), all_(parameters) {
    parameters.push_back({name + ".weight", make_tensor(sentry_float32(), {outputs, inputs}), make_tensor(sentry_float32(), {outputs, inputs})});
    parameters.push_back({name + ".bias", make_tensor(sentry_float32(), {outputs}), make_tensor(sentry_float32(), {outputs})});
    // Between -1/√inputs and 1/√inputs, as PyTorch's Linear begins.
    const float bound = 1 / std::sqrt(static_cast<float>(inputs));
    for (size_t i = first_; i < first_ + 2; i++) {
      for (int64_t j = 0; j < parameters[i].count(); j++) {
        random = random * 6364136223846793005u + 1442695040888963407u;
        parameters[i].values()[j] = bound * (static_cast<float>(random >> 40) / 8388608 - 1);
      }
    }
  }

  int64_t outputs() const { return outputs_; }

  void forward(const float *x, float *y, int64_t rows) const {
    const float *weight = all_[first_].values(), *bias = all_[first_ + 1].values();
    for_each_row(rows, [&](int64_t row) {
      for (int64_t o = 0; o < outputs_; o++) {
        float sum = bias[o];
        for (int64_t i = 0; i < inputs_; i++) sum += weight[o * inputs_ + i] * x[row * inputs_ + i];
        y[row * outputs_ + o] = sum;
      }
    });
  }

  /// Adds the gradients of the parameters, and adds that of the input to dx where one is asked for.
  void backward(const float *x, const float *dy, float *dx, int64_t rows) const {
    const float *weight = all_[first_].values();
    float *dw = all_[first_].slopes(), *db = all_[first_ + 1].slopes();
    // Each thread has outputs of its own, so that the sums have one order.
    for_each_row(outputs_, [&](int64_t o) {
      for (int64_t row = 0; row < rows; row++) {
        const float slope = dy[row * outputs_ + o];
        db[o] += slope;
        for (int64_t i = 0; i < inputs_; i++) dw[o * inputs_ + i] += slope * x[row * inputs_ + i];
      }
    });
    if (!dx) return;
    for_each_row(rows, [&](int64_t row) {
      for (int64_t o = 0; o < outputs_; o++) {
        for (int64_t i = 0; i < inputs_; i++) dx[row * inputs_ + i] += dy[row * outputs_ + o] * weight[o * inputs_ + i];
      }
    });
  }

 private:
  int64_t inputs_, outputs_;
  size_t first_;
  const std::vector<Parameter> &all_;
};

struct Settings {
  int64_t hidden;
  double dropout;
  uint64_t seed;
  std::vector<int64_t> shape;                             // of one sample
  std::vector<std::pair<std::string, int64_t>> tasks;     // names and numbers of classes
  std::string description;

  /// The host sets the options `tasks` (those of the dataset), `input` (what the augmenter makes of a sample) and `seed`, because the
  /// schema below declares them.
  Settings(const char *options, sentry_error *error);
};

class Model : public sentry_model {
 public:
  explicit Model(const Settings &settings);

  const std::vector<Parameter> &parameters() const { return parameters_; }
  const char *description() const { return settings_.description.c_str(); }

  /// One tensor for each output of the description, in that order: a head for each task, then the embedding.
  std::vector<Owned> run(const sentry_tensor &input, bool training, bool drops, uint64_t seed) {
    batch_ = 0;
    const int64_t rows = input.shape[0], hidden = settings_.hidden;
    // The backward pass needs it, and the caller's memory is the caller's.
    const float *x = sentry_tensor_floats(&input);
    input_.assign(x, x + rows * width_);
    hidden_.resize(static_cast<size_t>(rows * hidden));
    trunk_.forward(input_.data(), hidden_.data(), rows);
    const double keep = drops ? 1 - settings_.dropout : 1;
    for (int64_t i = 0; i < rows * hidden; i++) {
      const bool is_kept = hidden_[i] > 0 && (!drops || uniform(seed, static_cast<uint64_t>(i)) < keep);
      hidden_[i] = is_kept ? hidden_[i] / static_cast<float>(keep) : 0;
    }
    std::vector<Owned> outputs;
    for (const Linear &head : heads_) {
      outputs.push_back(make_tensor(sentry_float32(), {rows, head.outputs()}));
      head.forward(hidden_.data(), sentry_tensor_floats(&outputs.back()->tensor), rows);
    }
    outputs.push_back(make_tensor(sentry_float32(), {rows, hidden}));
    memcpy(sentry_tensor_data(&outputs.back()->tensor), hidden_.data(), hidden_.size() * sizeof(float));
    if (training) std::tie(batch_, scale_) = std::make_pair(rows, static_cast<float>(1 / keep));
    return outputs;
  }

  /// The gradient of the loss for each output, in their order; null: zero. The gradients of the parameters are replaced, or added to.
  void differentiate(const sentry_tensor *const *gradients, bool accumulates, sentry_error *error) {
    if (batch_ == 0) throw Failure(SENTRY_INVALID, "a backward pass without a forward pass for training");
    for (size_t i = 0; i <= heads_.size(); i++) {
      const int64_t shape[] = {batch_, i < heads_.size() ? heads_[i].outputs() : settings_.hidden};
      if (gradients[i]) require(sentry_tensor_check(gradients[i], "a gradient", sentry_float32(), 2, shape, error), error);
    }
    if (!accumulates) {
      for (const Parameter &parameter : parameters_) std::fill_n(parameter.slopes(), parameter.count(), 0.0f);
    }
    std::vector<float> slopes(hidden_.size(), 0.0f);
    if (const sentry_tensor *embedding = gradients[heads_.size()]) {
      const float *given = sentry_tensor_floats(embedding);
      slopes.assign(given, given + hidden_.size());
    }
    for (size_t i = 0; i < heads_.size(); i++) {
      if (gradients[i]) heads_[i].backward(hidden_.data(), sentry_tensor_floats(gradients[i]), slopes.data(), batch_);
    }
    // What is zero was cut or dropped.
    for (size_t i = 0; i < slopes.size(); i++) slopes[i] = hidden_[i] > 0 ? slopes[i] * scale_ : 0;
    trunk_.backward(input_.data(), slopes.data(), nullptr, batch_);
  }

  std::vector<int64_t> batch_shape() const {
    std::vector<int64_t> shape = settings_.shape;
    shape.insert(shape.begin(), -1);
    return shape;
  }

 private:
  /// From 0 to 1, by seed and place alone: neither threads nor order matter.
  static double uniform(uint64_t seed, uint64_t place) {
    uint64_t z = seed + (place + 1) * 0x9e3779b97f4a7c15u;
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
    z = (z ^ z >> 27) * 0x94d049bb133111ebu;
    return static_cast<double>((z ^ z >> 31) >> 11) * 0x1p-53;
  }

  static int64_t product(const std::vector<int64_t> &extents) {
    int64_t product = 1;
    for (int64_t extent : extents) product *= extent;
    return product;
  }

  Settings settings_;
  int64_t width_;
  uint64_t random_;
  std::vector<Parameter> parameters_;  // in the order of the checkpoint
  Linear trunk_;
  std::vector<Linear> heads_;
  std::vector<float> input_, hidden_;  // of the last pass
  int64_t batch_ = 0;                  // 0: it was no training pass
  float scale_ = 1;
};

Model &of(const sentry_model *self) { return *const_cast<Model *>(static_cast<const Model *>(self)); }

Model::Model(const Settings &settings)
    : sentry_model{}, settings_(settings), width_(product(settings.shape)), random_(settings.seed * 0x9e3779b97f4a7c15u + 1),
      trunk_("trunk", width_, settings.hidden, random_, parameters_) {
  for (const auto &[name, classes] : settings.tasks) heads_.emplace_back("heads." + name, settings.hidden, classes, random_, parameters_);
  struct_size = sizeof(sentry_model);
  destroy = [](sentry_model *self) { delete static_cast<Model *>(self); };
  describe = [](const sentry_model *self) { return of(self).description(); };
  parameter_count = [](const sentry_model *self) { return static_cast<int64_t>(of(self).parameters().size()); };
  parameter = [](const sentry_model *self, int64_t index, sentry_named_tensor *out, sentry_error *error) {
    return guarded(error, [&] {
      const auto &all = of(self).parameters();
      if (index < 0 || index >= static_cast<int64_t>(all.size()))
        throw Failure(SENTRY_INVALID, "there is no parameter " + std::to_string(index));
      const Parameter &found = all[static_cast<size_t>(index)];
      out->flags = SENTRY_TENSOR_TRAINABLE;
      out->name = found.name.c_str();
      out->value = &found.value->tensor;
      out->gradient = &found.gradient->tensor;
    });
  };
  forward = [](const sentry_model *self, const sentry_tensor *input, uint32_t flags, uint64_t seed, sentry_managed_tensor **outputs,
               sentry_error *error) {
    return guarded(error, [&] {
      const std::vector<int64_t> shape = of(self).batch_shape();
      require(sentry_tensor_check(input, "the input", sentry_float32(), static_cast<int32_t>(shape.size()), shape.data(), error), error);
      const bool training = flags & SENTRY_FORWARD_TRAINING;
      if (training && flags & SENTRY_FORWARD_SAMPLE) throw Failure(SENTRY_UNSUPPORTED, "training and sampling at once");
      std::vector<Owned> made = of(self).run(*input, training, flags & (SENTRY_FORWARD_TRAINING | SENTRY_FORWARD_SAMPLE), seed);
      for (size_t i = 0; i < made.size(); i++) outputs[i] = made[i].release();  // handed over: the host ends them
    });
  };
  backward = [](const sentry_model *self, const sentry_tensor *const *gradients, uint32_t flags, sentry_error *error) {
    return guarded(error, [&] { of(self).differentiate(gradients, flags & SENTRY_BACKWARD_ACCUMULATE, error); });
  };
  // Called after the trainer's step: a model that keeps copies of its parameters in another form makes them anew. This one has none.
  parameters_changed = [](const sentry_model *, sentry_error *) -> sentry_status { return SENTRY_OK; };
  get_extension = [](const sentry_model *, const char *) -> const void * { return nullptr; };
}

Settings::Settings(const char *options, sentry_error *error)
    : hidden(integer(options, "hidden", error)), dropout(0), seed(static_cast<uint64_t>(integer(options, "seed", error))) {
  require(sentry_option_number(options, "dropout", &dropout, error), error);
  const sentry_json input = sentry_option(options, "input"), task_list = sentry_option(options, "tasks");
  if (!sentry_json_is(sentry_json_member(input, "dtype"), "\"float32\"")) throw Failure(SENTRY_INVALID, "this model takes float32 samples");
  int64_t width = 1;
  for (sentry_json_place place = {}; sentry_json_next(sentry_json_member(input, "shape"), &place);) {
    int64_t extent = 0;
    if (!sentry_json_integer(place.value, &extent) || extent < 1 || width > (int64_t{1} << 28) / extent)
      throw Failure(SENTRY_INVALID, "this model takes samples of one shape, with at most 2^28 values");
    width *= extent;
    shape.push_back(extent);
  }
  sentry_text text = {};
  sentry_text_add(&text, R"({"architecture": "template-name", "stochastic": )");
  sentry_text_add(&text, dropout > 0 ? "true" : "false");
  sentry_text_add(&text, R"(, "input": )");
  sentry_text_add_json(&text, input);
  sentry_text_add(&text, R"(, "outputs": [)");
  for (sentry_json_place place = {}; sentry_json_next(task_list, &place);) {
    const sentry_json name = sentry_json_member(place.value, "name"), classes = sentry_json_member(place.value, "classes");
    sentry_text_add(&text, R"({"kind": "logits", "name": )");
    sentry_text_add_json(&text, name);
    sentry_text_add(&text, R"(, "classes": )");
    sentry_text_add_json(&text, classes);
    sentry_text_add(&text, "}, ");
    char *decoded = sentry_json_string(name);
    if (!decoded || sentry_json_count(classes) < 1) {
      free(decoded);
      free(text.bytes);
      throw Failure(SENTRY_INVALID, "a task has no name or no classes");
    }
    tasks.emplace_back(decoded, sentry_json_count(classes));
    free(decoded);
  }
  sentry_text_add(&text, R"({"kind": "embedding", "name": "embedding", "shape": [)");
  sentry_text_add_integer(&text, hidden);
  sentry_text_add(&text, "]}]}");
  if (!text.bytes) throw std::bad_alloc();
  description = text.bytes;
  free(text.bytes);
  if (tasks.empty()) throw Failure(SENTRY_INVALID, "the dataset has no tasks");
}

/// The host has checked the options against the schema below and filled in the defaults.
sentry_status create(const sentry_factory *, const char *options, void **object, sentry_error *error) {
  return guarded(error, [&] { *object = static_cast<sentry_model *>(new Model(Settings(options, error))); });
}

const sentry_factory factory = {
    .struct_size = sizeof factory,
    .kind = SENTRY_KIND_MODEL,
    .name = "template-name",
    .summary = "One hidden layer over the values of the input, and a head for each task",
    .options_schema = R"({"type": "object", "additionalProperties": false, "properties": {
      "hidden": {"type": "integer", "default": 64, "minimum": 1, "maximum": 4096, "description": "The width of the hidden layer."},
      "dropout": {"type": "number", "default": 0.2, "minimum": 0, "maximum": 0.9,
        "description": "The share of the hidden layer that is dropped in training."},
      "tasks": {"type": "array", "x-sentry-host": true, "description": "The tasks of the dataset."},
      "input": {"type": "object", "x-sentry-host": true, "description": "Type and shape of the input."},
      "seed": {"type": "integer", "x-sentry-host": true, "description": "The seed of the run."}}})",
    .context = nullptr,
    .create = create,
    .score = nullptr,
    .available = nullptr};

const sentry_factory *get_factory(const sentry_plugin *, uint32_t index) { return index == 0 ? &factory : nullptr; }
const char *get_recipe(const sentry_plugin *, uint32_t) { return nullptr; }
const void *get_plugin_extension(const sentry_plugin *, const char *) { return nullptr; }

const sentry_plugin plugin = {.struct_size = sizeof plugin,
                              .abi_major = SENTRY_ABI_MAJOR,
                              .abi_minor = SENTRY_ABI_MINOR,
                              .name = "template-kind-template-name",
                              .version = "0.1.0",
                              .summary = "The template-kind template-name",
                              .context = nullptr,
                              .factory_count = 1,
                              .recipe_count = 0,
                              .get_factory = get_factory,
                              .get_recipe = get_recipe,
                              .get_extension = get_plugin_extension};

}  // namespace

// The one exported function.
extern "C" const sentry_plugin *sentry_plugin_entry_v1(const sentry_host *host, sentry_error *) {
  the_host = host;  // valid until the process ends
  return &plugin;
}
