#include "Input.hpp"

#include "Tensors.hpp"

namespace backbone {

void *Input::allocate(uint64_t size) {
  if (size == 0 || size > uint64_t(std::numeric_limits<int64_t>::max())) return nullptr;
  at::Tensor memory = device.hostMemory({int64_t(size)}, at::kByte);
  std::lock_guard<std::mutex> lock(mutex);
  memories[static_cast<const char *>(memory.data_ptr())] = memory;
  return memory.data_ptr();
}

void Input::release(void *memory) {
  std::lock_guard<std::mutex> lock(mutex);
  auto found = memories.find(static_cast<const char *>(memory));
  if (found == memories.end()) return;
  auto *end = found->first + found->second.numel();
  for (auto &slot : slots) {
    auto *staged = static_cast<const char *>(slot.staged);
    if (staged < found->first || staged >= end) continue;
    slot.copied.wait();
    slot.staged = nullptr;
  }
  memories.erase(found);
}

bool Input::isOurs(const void *memory) const {
  auto *place = static_cast<const char *>(memory);
  auto next = memories.upper_bound(place);
  return next != memories.begin() && place < std::prev(next)->first + std::prev(next)->second.numel();
}

void Input::stage(const sentry_tensor *batch) {
  at::Tensor given = borrowed(batch, "the input");
  std::lock_guard<std::mutex> lock(mutex);
  if (!isOurs(given.data_ptr()) || given.scalar_type() != at::kFloat || !given.is_contiguous()) return;
  auto &slot = freeSlot();
  copy(given, slot, given.sizes());
  slot.staged = given.data_ptr();
}

void Input::forgetStaged() {
  std::lock_guard<std::mutex> lock(mutex);
  for (auto &slot : slots) {
    if (slot.staged) slot.copied.wait();
    slot.staged = nullptr;
  }
}

at::Tensor Input::take(const at::Tensor &batch) {
  std::lock_guard<std::mutex> lock(mutex);
  auto staged = std::find_if(std::begin(slots), std::end(slots), [&](const Slot &slot) {
    return slot.staged == batch.data_ptr() && batch.sizes() == at::IntArrayRef(slot.shape);
  });
  if (staged != std::end(slots)) {
    current = &*staged;
    current->staged = nullptr;
    current->turn = ++turns;
  } else {
    current = nullptr;
    auto &slot = freeSlot();
    if (!device.isCUDA() || isOurs(batch.data_ptr())) {
      copy(batch, slot, batch.sizes());
    } else {  // by way of memory that the device reads by itself
      slot.copied.wait();
      if (!slot.pinned.defined() || slot.pinned.numel() < batch.numel()) slot.pinned = device.hostMemory({batch.numel()});
      at::Tensor pinned = slot.pinned.narrow(0, 0, batch.numel());
      memcpy(pinned.data_ptr(), batch.data_ptr(), batch.nbytes());
      copy(pinned, slot, batch.sizes());
    }
    current = &slot;
  }
  current->copied.holdUp(device.compute);
  return view(*current);
}

void Input::wasRead() {
  if (current) current->read.record(device.compute);
}

/// The one that was filled the longest ago, rather without an open hint, never the one that a pass reads.
Input::Slot &Input::freeSlot() {
  Slot *best = nullptr;
  for (auto &slot : slots) {
    if (&slot == current) continue;
    if (!best || std::make_pair(slot.staged != nullptr, slot.turn) < std::make_pair(best->staged != nullptr, best->turn)) best = &slot;
  }
  best->turn = ++turns;
  best->staged = nullptr;
  return *best;
}

void Input::copy(const at::Tensor &from, Slot &slot, at::IntArrayRef shape) {
  at::NoGradGuard none;
  if (!slot.memory.defined() || slot.memory.numel() < from.numel()) {
    slot.copied.wait();  // or a copy that nobody took would go on into memory that is given back
    // The memory is the compute stream's: the copy begins when whatever had it before has ended.
    slot.memory = at::empty({from.numel()}, at::TensorOptions().dtype(at::kFloat).device(device.device));
    slot.read.record(device.compute);
  }
  slot.shape = shape.vec();
  slot.read.holdUp(device.copies);
  std::optional<c10::StreamGuard> guard;
  if (device.copies) guard.emplace(*device.copies);
  slot.memory.narrow(0, 0, from.numel()).copy_(from.reshape({-1}), /*non_blocking=*/true);
  slot.copied.record(device.copies);
}

/// With one channel, NCHW and NHWC are the same bytes: the strides of the latter make LibTorch compute in it.
at::Tensor Input::view(Slot &slot) const {
  auto &shape = slot.shape;
  at::Tensor batch = slot.memory.narrow(0, 0, shape[0] * shape[2] * shape[3]);
  return channelsLast ? batch.as_strided(shape, {shape[2] * shape[3], 1, shape[3], 1}) : batch.view(shape);
}

}  // namespace backbone
