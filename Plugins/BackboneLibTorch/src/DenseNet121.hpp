// DenseNet-121 (Huang et al. 2017) for one channel, with the head of Sentry's emotion model: Linear to a 1280-d embedding, ReLU, drop-out
// 0.4, Linear to 512, ReLU, drop-out 0.5, Linear to the logits.
#pragma once
#include "Options.hpp"
#include "Parameters.hpp"

namespace backbone {

/// Of the two drop-outs, [N, 1280] and [N, 512]; undefined: nothing is dropped.
struct Masks {
  at::Tensor embedding, hidden;
};

struct Outputs {
  at::Tensor logits, embedding;
};

class DenseNet121 {
 public:
  static constexpr int layersPerBlock[4] = {6, 12, 24, 16};
  static constexpr int64_t growth = 32, bottleneck = 128, embedding = 1280, hidden = 512;

  /// Names, order and shapes of the state dict are those of EmotionDenseNet.
  static std::vector<Entry> declare(const Options &options);

  /// The parameters outlive it.
  DenseNet121(const Options &options, Parameters &parameters);

  /// From float32 [N, 1, H, W]. In training batch norms use the batch's statistics and the running ones follow.
  Outputs forward(at::Tensor x, bool training, const Masks &masks) const;

  /// The batches that norms have seen: by a training pass, which is without a kernel for it.
  void countBatch(int64_t change = 1) const;

  /// - Throws: `Failure` where a training pass over `batch` images has no variance.
  void checkTraining(int64_t batch) const;

  /// Height and width after the stem; each transition halves them.
  static int64_t sideAfterStem(int64_t size) { return ((size - 1) / 2 + 1 - 1) / 2 + 1; }

 private:
  struct Norm {
    std::string name;
    at::Tensor weight, bias, mean, variance, count;
    bool usesBatch = true;
  };
  struct Layer {
    Norm norm1;
    at::Tensor conv1;
    Norm norm2;
    at::Tensor conv2;
  };
  struct Transition {
    Norm norm;
    at::Tensor conv;
  };
  struct Linear {
    at::Tensor weight, bias;
  };

  int64_t lastSide;
  at::Tensor conv0;
  Norm norm0, norm5;
  std::vector<std::vector<Layer>> blocks;
  std::vector<Transition> transitions;
  Linear projection, first, last;
  std::vector<at::Tensor> counts;

  static at::Tensor activated(const at::Tensor &x, const Norm &norm, bool training);
};

}  // namespace backbone
