// Where the model computes: the CPU or a CUDA device, with what is set for each call.
#pragma once
#include "Options.hpp"

namespace backbone {

/// An event of a device's stream; on the CPU, where everything is done when it was asked for, nothing.
class Mark {
 public:
  void record(const std::optional<c10::Stream> &stream);
  /// What `stream` is given from now on waits for it.
  void holdUp(const std::optional<c10::Stream> &stream) const;
  void wait() const;

 private:
  std::optional<c10::Event> event;
};

class Device {
 public:
  at::Device device;
  Precision precision;
  bool deterministic;
  /// Passes and updates, and copies of inputs beside them; none on the CPU.
  std::optional<c10::Stream> compute, copies;

  /// - Throws: `Failure` for a device that is not there.
  explicit Device(const Options &options);

  /// Why `asked` ("cuda:1", or "auto": any but the CPU) is not available, or an empty text.
  static std::string objection(const std::string &asked);

  bool isCUDA() const { return device.is_cuda(); }
  /// "cuda:0 NVIDIA H200"
  std::string description() const;
  /// Memory of the CPU from which the device copies by itself.
  at::Tensor hostMemory(at::IntArrayRef shape, at::ScalarType type = at::kFloat) const;
  void waitForCompute() const;

  /// What holds for a call: libraries keep the current stream for each thread and their modes for the process, and another model of this
  /// process may have others.
  class Scope {
   public:
    explicit Scope(const Device &device);

   private:
    std::optional<c10::StreamGuard> stream;
  };

  /// What holds while the network's forward pass is called.
  class Autocast {
   public:
    explicit Autocast(const Device &device);
    ~Autocast();
    Autocast(const Autocast &) = delete;

   private:
    const Device &device;
    bool was = false, cached = false;
    at::ScalarType type = at::kFloat;
  };
};

}  // namespace backbone
