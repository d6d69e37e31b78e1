// The options of the model, as the host checked and completed them.
#pragma once
#include "Torch.hpp"

namespace backbone {

enum class Precision { f32, tf32, bf16 };
/// From a first convolution that reads three colours to one that reads grey.
enum class Stem { sum, mean };

struct Options {
  int64_t inputSize = 224;
  uint64_t seed = 0;
  std::string device = "auto", precision = "auto";
  std::string task;
  std::vector<std::string> classes;
  /// The beginnings of the names of what stays as it is while the rest trains.
  std::vector<std::string> frozenPrefixes;
  /// Whether frozen batch norms use the running statistics in training, not those of the batch.
  bool frozenNormsRun = false;
  std::string pretrained;
  Stem stem = Stem::sum;
  bool cudaGraphs = true, deterministic = true, selfUpdate = false;

  /// - Throws: `Failure` for what a schema cannot say.
  explicit Options(const char *json);

  /// What is frozen at a value of "freeze" other than auto.
  static std::vector<std::string> prefixes(const std::string &freeze);
  bool isFrozen(const std::string &name) const;

  /// JSON Schema. Options that EmotionDenseNet has, too, have its names and values, so that the recipe's flags and checkpoints of the
  /// one fit the other.
  static const char *const schema;
};

const char *text(Precision precision);

/// What a model says of itself, as JSON.
std::string describe(const Options &options, const std::string &device, Precision precision);

/// {"waiting": 0.25} as JSON.
std::string profileText(const std::map<std::string, double> &seconds);

}  // namespace backbone
