// Tensors of the border and of LibTorch.
#pragma once
#include "Parameters.hpp"

namespace backbone {

/// A view of a CPU tensor that is borrowed for the call.
///
/// - Throws: `Failure` for another device or an unknown type; `what` names it.
at::Tensor borrowed(const sentry_tensor *tensor, const std::string &what);

/// A CPU tensor that the receiver deletes.
sentry_managed_tensor *handOver(const at::Tensor &tensor);

/// What the border shows of a parameter; its memory lives as long as the model.
struct Shown {
  /// - Parameter device: as which the memory is shown, whatever it is.
  Shown(const Entry &entry, sentry_device device);
  Shown(const Shown &) = delete;

  void fill(sentry_named_tensor *out);

 private:
  const Entry &entry;
  std::vector<int64_t> shape;
  sentry_tensor value{}, gradient{};

  sentry_tensor show(const at::Tensor &tensor, sentry_device device);
};

}  // namespace backbone
