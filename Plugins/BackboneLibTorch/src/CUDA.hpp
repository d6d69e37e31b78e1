// What needs CUDA's headers. Without them (WITH_CUDA is not defined) there is no device but the CPU.
#pragma once
#include "DenseNet121.hpp"

namespace backbone::cuda {

/// Why device `index` cannot be used, or an empty text.
std::string objection(int64_t index);

/// "NVIDIA H100 80GB HBM3"
std::string name(c10::DeviceIndex device);

/// Makes the device's context the current one of the calling thread.
void enterContext();

/// Bytes that the current device has free, and those that LibTorch holds of it.
struct Memory {
  int64_t free = 0, held = 0;
};
Memory memory(c10::DeviceIndex device);

/// Gives what LibTorch holds for nobody back to the device.
void emptyCache();

/// The forward and the backward pass over one batch size as two CUDA graphs: launching them costs microseconds, where the kernels one by
/// one cost the CPU as long as the device computes.
class RecordedPass {
 public:
  using Forward = std::function<Outputs(const at::Tensor &input, const Masks &masks)>;

  // What a replay reads and writes, at fixed addresses.
  at::Tensor input;
  Masks masks;
  Outputs outputs, gradients;

  /// Records on the current stream, which is not the device's default one. Gradients and statistics end as they were.
  ///
  /// - Parameter forward: the network in training.
  /// - Throws: `c10::OutOfMemoryError`, or what LibTorch says about an operation that cannot be recorded.
  RecordedPass(const Forward &forward, Parameters &parameters, at::IntArrayRef inputShape, int64_t classes);
  ~RecordedPass();

  void replayForward();
  void replayBackward();

 private:
  struct Graphs;
  std::unique_ptr<Graphs> graphs;
};

}  // namespace backbone::cuda
