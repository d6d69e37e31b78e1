// From a first convolution that reads three colours to one that reads grey, as EmotionDenseNet's StemConversion.
#pragma once
#include "Options.hpp"

namespace backbone {

inline bool readsColours(const at::Tensor &stored, const at::Tensor &target) {
  return stored.dim() == 4 && target.dim() == 4 && stored.size(1) == 3 && target.size(1) == 1 && stored.size(0) == target.size(0) &&
         stored.size(2) == target.size(2) && stored.size(3) == target.size(3);
}

/// Of ImageNet's pictures, in red, green, blue: what torchvision's networks are trained with.
constexpr double colourMeans[3] = {0.485, 0.456, 0.406}, colourDeviations[3] = {0.229, 0.224, 0.225};

/// As many weights for one channel. `sum`: the network answers a grey picture as the one of three colours answers it with red, green and blue
/// alike: that one reads (x - μ) / σ of each colour, ours (x - 0.5) / 0.5.
inline at::Tensor greyStem(const at::Tensor &stored, Stem stem) {
  at::Tensor colours = stored.to(at::kDouble).contiguous(), grey = at::zeros({stored.size(0), 1, stored.size(2), stored.size(3)}, at::kFloat);
  int64_t area = stored.size(2) * stored.size(3);
  for (int64_t index = 0; index < grey.numel(); index++) {
    const double *weight = colours.data_ptr<double>() + index / area * 3 * area + index % area;
    double sum = 0;
    for (int colour = 0; colour < 3; colour++) sum += weight[colour * area] * (stem == Stem::sum ? 0.5 / colourDeviations[colour] : 1.0 / 3);
    grey.data_ptr<float>()[index] = float(sum);
  }
  return grey;
}

/// What is left of `sum` for each filter, Σ (0.5 - μ) / σ · w: it moves into the running mean of the batch norm behind.
inline at::Tensor greyConstant(const at::Tensor &stored) {
  at::Tensor colours = stored.to(at::kDouble).contiguous(), constant = at::zeros({stored.size(0)}, at::kDouble);
  int64_t area = stored.size(2) * stored.size(3);
  for (int64_t filter = 0; filter < stored.size(0); filter++) {
    for (int colour = 0; colour < 3; colour++) {
      const double *weight = colours.data_ptr<double>() + (filter * 3 + colour) * area;
      double total = 0;
      for (int64_t place = 0; place < area; place++) total += weight[place];
      constant.data_ptr<double>()[filter] += total * (0.5 - colourMeans[colour]) / colourDeviations[colour];
    }
  }
  return constant;
}

}  // namespace backbone
