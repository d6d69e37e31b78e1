// The way of a batch to the device: memory for batches that the host assembles, and copies beside whatever the device computes.
#pragma once
#include "Device.hpp"

namespace backbone {

class Input {
 public:
  Input(const Device &device, bool channelsLast) : device(device), channelsLast(channelsLast) {}

  /// Memory from which the device copies by itself; nullptr where there is none left. From any thread.
  void *allocate(uint64_t size);
  /// From any thread; ends copies from the memory.
  void release(void *memory);

  /// Begins to copy a batch that a coming pass is likely to have; does nothing for memory that is not from `allocate`.
  void stage(const sentry_tensor *batch);
  /// No staged batch holds any more.
  void forgetStaged();

  /// The batch where the passes are, readable by what the compute stream gets from now on.
  at::Tensor take(const at::Tensor &batch);
  /// The compute stream has got the last kernel that reads what `take` gave.
  void wasRead();

 private:
  /// A place for a batch on the device.
  struct Slot {
    at::Tensor memory, pinned;
    std::vector<int64_t> shape;
    /// What was staged here; nullptr: nothing that still holds.
    const void *staged = nullptr;
    uint64_t turn = 0;
    Mark copied, read;
  };

  const Device &device;
  const bool channelsLast;
  /// One pass reads one while the next batch and the one after it are copied.
  Slot slots[3];
  Slot *current = nullptr;
  uint64_t turns = 0;
  /// `release` comes from the loaders' threads.
  std::mutex mutex;
  std::map<const char *, at::Tensor> memories;

  bool isOurs(const void *memory) const;
  Slot &freeSlot();
  void copy(const at::Tensor &from, Slot &slot, at::IntArrayRef shape);
  at::Tensor view(Slot &slot) const;
};

}  // namespace backbone
