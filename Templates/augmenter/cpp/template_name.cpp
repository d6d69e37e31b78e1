// An augmenter in C++: images of any size and number of channels to grey ones of one size, from -1 to 1; flipped and with another
// contrast at random in training.
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

class Augmenter : public sentry_augmenter {
 public:
  explicit Augmenter(int64_t size);

  /// Called from several threads at once. All randomness comes from the seed, so that a run can be repeated.
  Owned run(const sentry_tensor &input, int32_t strength, uint64_t seed) const {
    const int64_t height = input.shape[0], width = input.shape[1], channels = input.shape[2];
    const float range = range_of(strength);
    // The finaliser of SplitMix64: seeds that differ little give bits that differ much.
    uint64_t bits = (seed ^ seed >> 30) * 0xbf58476d1ce4e5b9u;
    bits = (bits ^ bits >> 27) * 0x94d049bb133111ebu;
    bits ^= bits >> 31;
    const bool flips = strength != SENTRY_AUGMENT_NONE && (bits & 1);
    const float contrast = 1 + range * (static_cast<float>(bits >> 40) / 8388608 - 1);
    Owned made = make_tensor(sentry_float32(), {1, size_, size_});
    const auto *pixels = static_cast<const uint8_t *>(sentry_tensor_data(&input));
    float *values = sentry_tensor_floats(&made->tensor);
    for (int64_t y = 0; y < size_; y++) {
      for (int64_t x = 0; x < size_; x++) {
        // The nearest pixel; an image library does this better.
        const int64_t row = (2 * y + 1) * height / (2 * size_), column = (2 * x + 1) * width / (2 * size_);
        int64_t sum = 0;
        for (int64_t c = 0; c < channels; c++) sum += pixels[(row * width + column) * channels + c];
        const float grey = static_cast<float>(sum) / static_cast<float>(channels) / 255;
        values[y * size_ + (flips ? size_ - 1 - x : x)] = (grey - 0.5f) / 0.5f * contrast;
      }
    }
    return made;
  }

  const char *description() const { return description_.c_str(); }

 private:
  static float range_of(int32_t strength) {
    switch (strength) {
      case SENTRY_AUGMENT_NONE: return 0;
      case SENTRY_AUGMENT_MILD: return 0.1f;
      case SENTRY_AUGMENT_STANDARD: return 0.2f;
      case SENTRY_AUGMENT_STRONG: return 0.4f;
      default: throw Failure(SENTRY_UNSUPPORTED, "there is no augmentation of strength " + std::to_string(strength));
    }
  }

  int64_t size_;
  std::string description_;
};

const Augmenter &of(const sentry_augmenter *self) { return *static_cast<const Augmenter *>(self); }

Augmenter::Augmenter(int64_t size) : sentry_augmenter{}, size_(size) {
  const std::string side = std::to_string(size);
  // The normalisation is kept in checkpoints, for whoever uses the model without this plugin.
  description_ = R"({"input": {"dtype": "uint8", "shape": [-1, -1, -1], "layout": "HWC"}, "output": {"dtype": "float32",
    "layout": "CHW", "shape": [1, )" + side + ", " + side + R"(]}, "normalisation": {"channels": "grey",
    "scale": 0.00392156862745098, "mean": [0.5], "std": [0.5]}})";
  struct_size = sizeof(sentry_augmenter);
  destroy = [](sentry_augmenter *self) { delete static_cast<Augmenter *>(self); };
  describe = [](const sentry_augmenter *self) { return of(self).description(); };
  apply = [](const sentry_augmenter *self, const sentry_tensor *input, int32_t strength, uint64_t seed,
             sentry_managed_tensor **output, sentry_error *error) {
    return guarded(error, [&] {
      static const int64_t any[] = {-1, -1, -1};
      require(sentry_tensor_check(input, "the image", sentry_uint8(), 3, any, error), error);
      *output = of(self).run(*input, strength, seed).release();  // handed over: the host ends it
    });
  };
  get_extension = [](const sentry_augmenter *, const char *) -> const void * { return nullptr; };
}

/// The host has checked the options against the schema below and filled in the defaults.
sentry_status create(const sentry_factory *, const char *options, void **object, sentry_error *error) {
  return guarded(error, [&] { *object = static_cast<sentry_augmenter *>(new Augmenter(integer(options, "size", error))); });
}

// Recipes set options by their names: --image-size of `sentry train emotion` sets the augmenter's `size`.
const sentry_factory factory = {
    .struct_size = sizeof factory,
    .kind = SENTRY_KIND_AUGMENTER,
    .name = "template-name",
    .summary = "Grey images of one size; flipped and with another contrast in training",
    .options_schema = R"({"type": "object", "additionalProperties": false, "properties": {
      "size": {"type": "integer", "default": 48, "minimum": 8, "maximum": 1024,
        "description": "Height and width of the result in pixels."}}})",
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
