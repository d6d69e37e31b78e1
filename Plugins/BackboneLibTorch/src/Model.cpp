#include "Model.hpp"

#include "Host.hpp"
#include "Pretrained.hpp"
#include "Random.hpp"

namespace backbone {

Model::Model(const char *json)
    : options(json),
      device(options),
      input(device, updatesItself()),
      parameters([this] {
        Device::Scope scope(device);
        return Parameters(DenseNet121::declare(options), device.device, updatesItself());
      }()),
      network(options, parameters),
      optimizer(parameters, device) {
  Device::Scope scope(device);
  parameters.initialise(options.seed);
  if (!options.pretrained.empty()) say(SENTRY_LOG_INFO, loadPretrained(options.pretrained, options.stem, parameters));
  sentry_device shownAs = device.isCUDA()      ? sentry_device{SENTRY_DEVICE_CUDA, device.device.index()}
                          : options.selfUpdate ? sentry_device{SENTRY_DEVICE_EXTENSION, 0}
                                               : sentry_device{SENTRY_DEVICE_CPU, 0};
  for (auto &entry : parameters.entries) shown.push_back(std::make_unique<Shown>(entry, shownAs));
  device.waitForCompute();
  description = describe(options, device.description(), device.precision);
  // The host tells the user.
  say(SENTRY_LOG_DEBUG, "on " + device.description() + ", " + text(device.precision));
}

Model::~Model() {
  Device::Scope scope(device);
  input.forgetStaged();
  device.waitForCompute();
  pass.reset();
  recorded.clear();
}

at::Tensor Model::checked(const sentry_tensor *given) const {
  at::Tensor batch = borrowed(given, "the input");
  int64_t side = options.inputSize;
  if (batch.dim() != 4 || batch.size(0) < 1 || batch.size(1) != 1 || batch.size(2) != side || batch.size(3) != side ||
      batch.scalar_type() != at::kFloat || !batch.is_contiguous())
    throw Failure(SENTRY_INVALID, "expected a batch of float32 [1, " + std::to_string(side) + ", " + std::to_string(side) + "]");
  return batch;
}

Masks Model::draw(uint64_t seed, int64_t batch) {
  at::NoGradGuard none;
  int64_t first = batch * DenseNet121::embedding, second = batch * DenseNet121::hidden;
  drawnCopied.wait();
  if (!drawn.defined() || drawn.numel() < first + second) {
    drawn = device.hostMemory({first + second});
    drawnThere = device.isCUDA() ? at::empty({first + second}, parameters.values.options()) : drawn;
  }
  fillMask(drawn.data_ptr<float>(), first, 0.4f, 1, seed);
  fillMask(drawn.data_ptr<float>() + first, second, 0.5f, 2, seed);
  if (device.isCUDA()) {
    drawnThere.narrow(0, 0, first + second).copy_(drawn.narrow(0, 0, first + second), /*non_blocking=*/true);
    drawnCopied.record(device.compute);
  }
  return {drawnThere.narrow(0, 0, first).view({batch, DenseNet121::embedding}),
          drawnThere.narrow(0, first, second).view({batch, DenseNet121::hidden})};
}

at::Tensor Model::download(const at::Tensor &result) const {
  if (!device.isCUDA()) return result.detach();
  at::Tensor here = device.hostMemory(result.sizes());
  return here.copy_(result.detach(), /*non_blocking=*/true);
}

void Model::transfer(const std::string &name, bool write, const sentry_tensor *tensor) {
  auto slash = name.find('/');
  std::string slot = slash == std::string::npos ? "" : name.substr(0, slash);
  auto *entry = parameters.find(slash == std::string::npos ? name : name.substr(slash + 1));
  if (!entry) throw Failure(SENTRY_INVALID, "there is no tensor " + name);
  Device::Scope scope(device);
  at::NoGradGuard none;
  at::Tensor outside = borrowed(tensor, name);
  bool isCount = entry->role == Role::batchCount, isStep = slot == "step";
  if (outside.scalar_type() != (isCount ? at::kLong : at::kFloat) ||
      (isStep ? outside.numel() != 1 : outside.sizes() != at::IntArrayRef(entry->shape)))
    throw Failure(SENTRY_INVALID, name + " has another shape or type");
  if (slot.empty()) write ? entry->value.copy_(outside) : outside.copy_(entry->value);
  else if (write) optimizer.write(slot, *entry, outside);
  else optimizer.read(slot, *entry, outside);
}

double Model::update(const char *settings) {
  if (!updatesItself()) throw Failure(SENTRY_UNSUPPORTED, "the trainer reaches the parameters");
  Timer timer{seconds, "update"};
  Device::Scope scope(device);
  return optimizer.step(StepSettings(settings));
}

const char *Model::takeProfile() {
  profile = profileText(seconds);
  seconds.clear();
  return profile.c_str();
}

}  // namespace backbone
