// The model's functions of the border.
#include "Border.hpp"

#include "Host.hpp"
#include "Model.hpp"

namespace backbone {

namespace {

Model *model(const sentry_model *self) { return reinterpret_cast<Model *>(const_cast<sentry_model *>(self)); }

const sentry_model_update update = {
    sizeof(sentry_model_update),
    [](const sentry_model *self, const char *settings, double *norm, sentry_error *error) {
      return guarded(error, [&] { *norm = model(self)->update(settings); });
    },
    [](const sentry_model *self, const char *name, int32_t write, sentry_tensor *tensor, sentry_error *error) {
      return guarded(error, [&] { model(self)->transfer(name, write != 0, tensor); });
    }};

const sentry_model_input input = {
    sizeof(sentry_model_input),
    [](const sentry_model *self, uint64_t size) -> void * {
      void *memory = nullptr;
      guarded(nullptr, [&] { memory = model(self)->input.allocate(size); });
      return memory;
    },
    [](const sentry_model *self, void *memory) { guarded(nullptr, [&] { model(self)->input.release(memory); }); },
    [](const sentry_model *self, const sentry_tensor *batch) {
      // A hint that cannot be used is none.
      guarded(nullptr, [&] {
        auto *me = model(self);
        Device::Scope scope(me->device);
        batch ? me->input.stage(batch) : me->input.forgetStaged();
      });
    }};

const sentry_model_memory memory = {
    sizeof(sentry_model_memory),
    [](const sentry_model *self, int64_t batch, uint32_t flags) {
      return model(self)->estimatedBytes(batch, flags & SENTRY_FORWARD_TRAINING);
    },
    [](const sentry_model *self) {
      int64_t bytes = -1;
      guarded(nullptr, [&] { bytes = model(self)->availableBytes(); });
      return bytes;
    }};

const sentry_profile profile = {
    sizeof(sentry_profile), [](const void *object) -> const char * {
      const char *text = "{}";
      guarded(nullptr, [&] { text = model(static_cast<const sentry_model *>(object))->takeProfile(); });
      return text;
    }};

const void *extension(const sentry_model *self, const char *id) {
  bool isRemote = model(self)->updatesItself();
  if (!strcmp(id, SENTRY_EXTENSION_MODEL_UPDATE)) return isRemote ? &update : nullptr;
  if (!strcmp(id, SENTRY_EXTENSION_MODEL_INPUT)) return isRemote ? &input : nullptr;
  if (!strcmp(id, SENTRY_EXTENSION_MODEL_MEMORY)) return &memory;
  if (!strcmp(id, SENTRY_EXTENSION_PROFILE)) return &profile;
  return nullptr;
}

}  // namespace

sentry_status create(const sentry_factory *, const char *options, void **object, sentry_error *error) {
  return guarded(error, [&] {
    auto made = std::make_unique<Model>(options);
    sentry_model &border = made->border;
    border.struct_size = sizeof(sentry_model);
    border.context = made.get();
    border.destroy = [](sentry_model *self) { guarded(nullptr, [&] { delete model(self); }); };
    border.describe = [](const sentry_model *self) -> const char * { return model(self)->description.c_str(); };
    border.parameter_count = [](const sentry_model *self) { return int64_t(model(self)->shown.size()); };
    border.parameter = [](const sentry_model *self, int64_t index, sentry_named_tensor *out, sentry_error *error) {
      return guarded(error, [&] {
        auto &shown = model(self)->shown;
        if (index < 0 || size_t(index) >= shown.size()) throw Failure(SENTRY_INVALID, "there is no tensor " + std::to_string(index));
        shown[index]->fill(out);
      });
    };
    border.forward = [](const sentry_model *self, const sentry_tensor *input, uint32_t flags, uint64_t seed,
                        sentry_managed_tensor **outputs, sentry_error *error) {
      return guarded(error, [&] { model(self)->forward(input, flags, seed, outputs); });
    };
    border.backward = [](const sentry_model *self, const sentry_tensor *const *gradients, uint32_t flags, sentry_error *error) {
      return guarded(error, [&] { model(self)->backward(gradients, flags); });
    };
    border.parameters_changed = [](const sentry_model *, sentry_error *) -> sentry_status { return SENTRY_OK; };  // none is packed
    border.get_extension = extension;
    *object = &made.release()->border;
  });
}

sentry_status available(const sentry_factory *, const char *device, sentry_error *error) {
  return guarded(error, [&] {
    std::string objection = Device::objection(device);
    if (!objection.empty()) throw Failure(SENTRY_UNSUPPORTED, objection);
  });
}

}  // namespace backbone
