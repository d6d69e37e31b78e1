// The tensors of the network by name. What trains lies in one stretch of memory, the gradients in another of the same layout, and so do the
// optimiser's states: clearing, norm and update are one kernel each.
#pragma once
#include "Torch.hpp"

namespace backbone {

enum class Role { weight, bias, scale, shift, runningMean, runningVariance, batchCount };

struct Entry {
  std::string name;
  std::vector<int64_t> shape;
  Role role;
  bool isTrained = false;
  int64_t offset = 0;
  /// In its true layout: convolutions channels-last on a device.
  at::Tensor value;
  /// Defined where it trains.
  at::Tensor gradient;

  bool isParameter() const { return role == Role::weight || role == Role::bias || role == Role::scale || role == Role::shift; }
  int64_t count() const;
};

class Parameters {
 public:
  /// In the order of the state dict.
  std::vector<Entry> entries;
  /// Flat: of what trains, in whole stretches, and the running statistics.
  at::Tensor values, gradients, statistics;
  /// The longest that is added up in one go: float32 sums of millions of squares are wrong in the third digit on the CPU.
  static constexpr int64_t stretch = 4096;

  /// - Parameter channelsLast: nobody outside reads the memory, so that convolutions may be as a device likes them.
  Parameters(std::vector<Entry> declared, at::Device device, bool channelsLast);

  /// nullptr if there is none.
  Entry *find(const std::string &name);

  /// The part of a flat tensor of the layout of `values` that belongs to an entry that trains.
  at::Tensor view(const at::Tensor &flat, const Entry &entry) const;

  /// Equal seeds give the values that EmotionDenseNet starts from, on every device.
  void initialise(uint64_t seed);

 private:
  bool channelsLast;
  std::unordered_map<std::string, size_t> places;

  at::Tensor part(const at::Tensor &flat, const Entry &entry) const;
};

}  // namespace backbone
