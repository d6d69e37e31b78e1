// A dataset in C++: grey images with a bright spot in the left or in the right half, generated. Put your samples here.
#include <sentry/author.h>

#include <memory>
#include <new>
#include <stdexcept>
#include <string>
#include <vector>

namespace {

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

class Dataset : public sentry_dataset {
 public:
  Dataset(int64_t count, int64_t size);

  /// 0 for a split that does not exist. Without a validation split, the host holds one out.
  int64_t samples(int32_t split) const {
    return split == SENTRY_SPLIT_TRAIN ? count_ : split == SENTRY_SPLIT_VALIDATION ? count_ / 4 : 0;
  }

  /// Cheap: the host asks for all of them before it trains.
  int64_t target(int32_t split, int64_t index) const {
    check(split, index);
    return index % 2;
  }

  /// Called from several threads at once. A damaged sample is a Failure of SENTRY_BAD_DATA, which a run may skip.
  Owned read(int32_t split, int64_t index) const {
    check(split, index);
    Owned made = make_tensor(sentry_uint8(), {size_, size_, 1});
    auto *pixels = static_cast<uint8_t *>(sentry_tensor_data(&made->tensor));
    // Knuth's linear congruential generator, "The Art of Computer Programming", volume 2: its upper bits are good enough.
    uint64_t state = static_cast<uint64_t>(index) * 3 + static_cast<uint64_t>(split);
    auto random = [&](int64_t bound) {
      state = state * 6364136223846793005u + 1442695040888963407u;
      return static_cast<int64_t>(state >> 33) % bound;
    };
    random(2);
    const int64_t half = size_ / 2, row = random(size_), column = half / 4 + random(half / 2) + index % 2 * half;
    for (int64_t i = 0; i < size_ * size_; i++) {
      const int64_t dy = i / size_ - row, dx = i % size_ - column;
      pixels[i] = static_cast<uint8_t>((dy * dy + dx * dx <= size_ * size_ / 64 ? 200 : 60) + random(40));
    }
    return made;
  }

  const char *description() const { return description_.c_str(); }

 private:
  void check(int32_t split, int64_t index) const {
    if (index >= 0 && index < samples(split)) return;
    throw Failure(SENTRY_INVALID, "there is no sample " + std::to_string(index) + " in split " + std::to_string(split) +
                                      ", which has " + std::to_string(samples(split)));
  }

  int64_t count_, size_;
  std::string description_;
};

const Dataset &of(const sentry_dataset *self) { return *static_cast<const Dataset *>(self); }

Dataset::Dataset(int64_t count, int64_t size) : sentry_dataset{}, count_(count), size_(size) {
  const std::string side = std::to_string(size);
  description_ = R"({"sample": {"dtype": "uint8", "layout": "HWC", "shape": [)" + side + ", " + side +
                 R"(, 1]}, "tasks": [{"name": "side", "classes": ["left", "right"]}], "notes": []})";
  struct_size = sizeof(sentry_dataset);
  destroy = [](sentry_dataset *self) { delete static_cast<Dataset *>(self); };
  describe = [](const sentry_dataset *self) { return of(self).description(); };
  sentry_dataset::count = [](const sentry_dataset *self, int32_t split) { return of(self).samples(split); };
  targets = [](const sentry_dataset *self, int32_t split, int64_t index, int64_t *out, sentry_error *error) {
    return guarded(error, [&] { out[0] = of(self).target(split, index); });
  };
  sample = [](const sentry_dataset *self, int32_t split, int64_t index, sentry_managed_tensor **out, sentry_error *error) {
    return guarded(error, [&] { *out = of(self).read(split, index).release(); });  // handed over: the host ends it
  };
  // Where the sample comes from: messages name it.
  name = [](const sentry_dataset *, int32_t split, int64_t index, char *buffer, int64_t capacity) -> int64_t {
    static const char *const splits[] = {"train", "validation", "test"};
    return snprintf(buffer, capacity > 0 ? static_cast<size_t>(capacity) : 0, "%s %lld",
                    split >= 0 && split < 3 ? splits[split] : "?", static_cast<long long>(index));
  };
  // Samples of one group, such as those of one person, stay together where a split is held out; -1: unknown.
  group = [](const sentry_dataset *, int32_t, int64_t) -> int64_t { return -1; };
  get_extension = [](const sentry_dataset *, const char *) -> const void * { return nullptr; };
}

/// The host has checked the options against the schema below and filled in the defaults.
sentry_status create(const sentry_factory *, const char *options, void **object, sentry_error *error) {
  return guarded(error, [&] {
    *object = static_cast<sentry_dataset *>(
        new Dataset(integer(options, "count", error), integer(options, "size", error)));
  });
}

const sentry_factory factory = {
    .struct_size = sizeof factory,
    .kind = SENTRY_KIND_DATASET,
    .name = "template-name",
    .summary = "Generated images of a bright spot, left or right",
    .options_schema = R"({"type": "object", "additionalProperties": false, "properties": {
      "count": {"type": "integer", "default": 1000, "minimum": 8,
        "description": "Training images; a quarter as many for validation."},
      "size": {"type": "integer", "default": 48, "minimum": 16, "maximum": 512, "description": "The side of an image in pixels."}}})",
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
extern "C" const sentry_plugin *sentry_plugin_entry_v1(const sentry_host *, sentry_error *) { return &plugin; }
