// Random numbers as the engine of Sentry draws them (SentryBase/SplitMix64, SentryNN's RandomStream and ReLUDropout): a network starts
// from the same values and drops the same elements with either backbone, on every device, whatever LibTorch's generators do.
#pragma once
#include <cmath>
#include <cstdint>

namespace backbone {

/// Steele, Lea and Flood, "Fast splittable pseudorandom number generators", 2014.
struct SplitMix64 {
  static constexpr uint64_t increment = 0x9E3779B97F4A7C15;

  static uint64_t mix(uint64_t value) {
    value = (value ^ value >> 30) * 0xBF58476D1CE4E5B9;
    value = (value ^ value >> 27) * 0x94D049BB133111EB;
    return value ^ value >> 31;
  }
};

class RandomStream {
 public:
  explicit RandomStream(uint64_t seed) : state(seed) {}

  /// 24 random bits: uniform in 0 ..< 1.
  double uniform() { return double(SplitMix64::mix(state += SplitMix64::increment) >> 40) * 0x1p-24; }

  /// Standard normal, by Box and Muller.
  double normal() {
    double radius = std::sqrt(-2 * std::log(1 - uniform()));
    return radius * std::cos(2 * M_PI * uniform());
  }

 private:
  uint64_t state;
};

/// The mask of a drop-out: 0 or 1 / (1 - rate), by a hash of seed, layer and position.
inline void fillMask(float *mask, int64_t count, float rate, uint64_t layer, uint64_t seed) {
  uint64_t stream = SplitMix64::mix(SplitMix64::mix(seed) ^ layer);
  const float values[] = {0, 1 / (1 - rate)};  // a branch would be foretold wrongly every second time
  auto limit = uint64_t(double(rate) * 0x1p24);
  for (int64_t index = 0; index < count; index++)
    mask[index] = values[SplitMix64::mix(stream + uint64_t(index) * SplitMix64::increment) >> 40 >= limit];
}

}  // namespace backbone
