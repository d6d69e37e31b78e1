#include "DenseNet121.hpp"

namespace backbone {

at::Tensor DenseNet121::activated(const at::Tensor &x, const Norm &norm, bool training) {
  at::Tensor y = at::batch_norm(x, norm.weight, norm.bias, norm.mean, norm.variance, training && norm.usesBatch, 0.1, 1e-5, true);
  return at::relu_(y);
}

Outputs DenseNet121::forward(at::Tensor x, bool training, const Masks &masks) const {
  x = at::conv2d(x, conv0, {}, {2, 2}, {3, 3});
  x = at::max_pool2d(activated(x, norm0, training), {3, 3}, {2, 2}, {1, 1});
  for (size_t block = 0; block < blocks.size(); block++) {
    std::vector<at::Tensor> maps{x};
    for (auto &layer : blocks[block]) {
      at::Tensor y = maps.size() == 1 ? x : at::cat(maps, 1);
      y = at::conv2d(activated(y, layer.norm1, training), layer.conv1);
      maps.push_back(at::conv2d(activated(y, layer.norm2, training), layer.conv2, {}, {1, 1}, {1, 1}));
    }
    x = at::cat(maps, 1);
    if (block == transitions.size()) break;
    x = at::conv2d(activated(x, transitions[block].norm, training), transitions[block].conv);
    x = at::avg_pool2d(x, {2, 2}, {2, 2});
  }
  x = at::adaptive_avg_pool2d(activated(x, norm5, training), {1, 1}).flatten(1);
  at::Tensor embedded = at::relu(at::linear(x, projection.weight, projection.bias));
  if (masks.embedding.defined()) embedded = embedded * masks.embedding;
  at::Tensor active = at::relu(at::linear(embedded, first.weight, first.bias));
  if (masks.hidden.defined()) active = active * masks.hidden;
  at::Tensor logits = at::linear(active, last.weight, last.bias);
  return {logits.to(at::kFloat), embedded.to(at::kFloat)};
}

}  // namespace backbone
