#include "Device.hpp"

#include "CUDA.hpp"
#include "Host.hpp"

namespace backbone {

void Mark::record(const std::optional<c10::Stream> &stream) {
  if (!stream) return;
  if (!event) event.emplace(stream->device_type());
  event->record(*stream);
}

void Mark::holdUp(const std::optional<c10::Stream> &stream) const {
  if (event && stream) event->block(*stream);
}

void Mark::wait() const {
  if (event) event->synchronize();
}

namespace {

/// The number in "cuda:1"; 0 for "cuda" and "auto"; -1 for what is no CUDA device.
int64_t index(const std::string &asked) {
  if (asked == "cuda" || asked == "auto") return 0;
  std::string digits = asked.compare(0, 5, "cuda:") == 0 ? asked.substr(5) : "";
  bool isNumber = !digits.empty() && digits.size() < 3 && digits.find_first_not_of("0123456789") == std::string::npos;
  return isNumber ? std::stoll(digits) : -1;
}

at::Device choose(const std::string &asked) {
  if (asked == "cpu" || (asked == "auto" && !cuda::objection(0).empty())) return at::kCPU;
  std::string objection = Device::objection(asked);
  if (!objection.empty()) throw Failure(SENTRY_UNSUPPORTED, "device " + asked + ": " + objection, "use --device auto or --device cpu");
  at::globalContext().lazyInitDevice(c10::DeviceType::CUDA);
  return at::Device(at::kCUDA, c10::DeviceIndex(index(asked)));
}

/// LibTorch's threads are those that the host allowed, from its first use on.
void limitThreads() {
  static std::once_flag once;
  std::call_once(once, [] {
    at::set_num_threads(std::max(1, int(host->thread_count(host))));
    try {
      at::set_num_interop_threads(1);
    } catch (const c10::Error &) {
      // Another plugin over the same LibTorch has used them before: then they are as many as it wanted.
    }
  });
}

/// Backward passes run on a thread of the autograd engine, which cuBLAS complains about on standard error unless it has a context.
void prepareAutograd(at::Device device) {
  at::AutoGradMode on(true);
  at::Tensor leaf = at::ones({1}, at::TensorOptions().dtype(at::kFloat).device(device)).set_requires_grad(true);
  at::Tensor root = leaf * 2;
  root.register_hook([](const at::Tensor &) { cuda::enterContext(); });
  torch::autograd::backward({root}, {});
}

}  // namespace

std::string Device::objection(const std::string &asked) {
  if (asked == "cpu") return "";
  int64_t number = index(asked);
  return number < 0 ? "this model computes on cpu, cuda or cuda:N" : cuda::objection(number);
}

Device::Device(const Options &options) : device(choose(options.device)), deterministic(options.deterministic) {
  limitThreads();
  // TF32 is a format of CUDA's matrix units; on the CPU it is f32.
  precision = options.precision == "bf16"                               ? Precision::bf16
              : options.precision == "f32" || !isCUDA() ? Precision::f32 : Precision::tf32;
  if (!isCUDA()) return;
  c10::impl::VirtualGuardImpl guard(c10::DeviceType::CUDA);
  compute = guard.getStreamFromGlobalPool(device);
  copies = guard.getStreamFromGlobalPool(device);
  Scope scope(*this);
  prepareAutograd(device);
}

std::string Device::description() const { return isCUDA() ? device.str() + " " + cuda::name(device.index()) : "cpu"; }

at::Tensor Device::hostMemory(at::IntArrayRef shape, at::ScalarType type) const {
  return at::empty(shape, at::TensorOptions().dtype(type).pinned_memory(isCUDA()));
}

void Device::waitForCompute() const {
  if (compute) c10::impl::VirtualGuardImpl(c10::DeviceType::CUDA).synchronizeStream(*compute);
}

Device::Scope::Scope(const Device &device) {
  if (!device.isCUDA()) return;
  stream.emplace(*device.compute);
  auto &context = at::globalContext();
  bool tf32 = device.precision != Precision::f32;
  context.setAllowTF32CuDNN(tf32);
  context.setAllowTF32CuBLAS(tf32);
  context.setDeterministicCuDNN(device.deterministic);
  context.setBenchmarkCuDNN(!device.deterministic);
}

Device::Autocast::Autocast(const Device &device) : device(device) {
  if (device.precision != Precision::bf16) return;
  auto kind = device.device.type();
  was = at::autocast::is_autocast_enabled(kind);
  type = at::autocast::get_autocast_dtype(kind);
  cached = at::autocast::is_autocast_cache_enabled();
  at::autocast::set_autocast_enabled(kind, true);
  at::autocast::set_autocast_dtype(kind, at::kBFloat16);
  // A recorded pass must convert the weights each time, as they change.
  at::autocast::set_autocast_cache_enabled(false);
}

Device::Autocast::~Autocast() {
  if (device.precision != Precision::bf16) return;
  auto kind = device.device.type();
  at::autocast::set_autocast_enabled(kind, was);
  at::autocast::set_autocast_dtype(kind, type);
  at::autocast::set_autocast_cache_enabled(cached);
}

}  // namespace backbone
