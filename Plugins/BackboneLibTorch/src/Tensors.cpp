#include "Tensors.hpp"

#include "Host.hpp"

namespace backbone {

namespace {

at::ScalarType scalarType(sentry_dtype dtype, const std::string &what) {
  if (dtype.lanes == 1) {
    switch (dtype.code << 8 | dtype.bits) {
      case SENTRY_DTYPE_FLOAT << 8 | 16: return at::kHalf;
      case SENTRY_DTYPE_FLOAT << 8 | 32: return at::kFloat;
      case SENTRY_DTYPE_FLOAT << 8 | 64: return at::kDouble;
      case SENTRY_DTYPE_BFLOAT << 8 | 16: return at::kBFloat16;
      case SENTRY_DTYPE_INT << 8 | 32: return at::kInt;
      case SENTRY_DTYPE_INT << 8 | 64: return at::kLong;
    }
  }
  throw Failure(SENTRY_INVALID, what + " is of a type that this model does not read");
}

struct Handed {
  sentry_managed_tensor managed{};
  at::Tensor tensor;
  std::vector<int64_t> shape;
};

}  // namespace

at::Tensor borrowed(const sentry_tensor *tensor, const std::string &what) {
  if (tensor->device.device_type != SENTRY_DEVICE_CPU) throw Failure(SENTRY_INVALID, what + " is not on the CPU");
  auto options = at::TensorOptions().dtype(scalarType(tensor->dtype, what));
  at::IntArrayRef shape(tensor->shape, tensor->ndim);
  auto *data = static_cast<char *>(tensor->data) + tensor->byte_offset;
  return tensor->strides ? at::from_blob(data, shape, at::IntArrayRef(tensor->strides, tensor->ndim), options)
                         : at::from_blob(data, shape, options);
}

sentry_managed_tensor *handOver(const at::Tensor &tensor) {
  auto made = std::make_unique<Handed>();
  made->tensor = tensor.contiguous();
  made->shape.assign(tensor.sizes().begin(), tensor.sizes().end());
  auto &managed = made->managed;
  managed.dlpack_major = 1;
  managed.manager_ctx = made.get();
  managed.deleter = [](sentry_managed_tensor *self) { delete static_cast<Handed *>(self->manager_ctx); };
  managed.tensor.data = made->tensor.data_ptr();
  managed.tensor.device = {SENTRY_DEVICE_CPU, 0};
  managed.tensor.ndim = int32_t(made->shape.size());
  managed.tensor.dtype = {SENTRY_DTYPE_FLOAT, 32, 1};
  managed.tensor.shape = made->shape.data();
  return &made.release()->managed;
}

Shown::Shown(const Entry &entry, sentry_device device) : entry(entry), shape(entry.shape) {
  value = show(entry.value, device);
  if (entry.isTrained) gradient = show(entry.gradient, device);
}

sentry_tensor Shown::show(const at::Tensor &tensor, sentry_device device) {
  bool isCount = entry.role == Role::batchCount;
  sentry_tensor out{};
  out.data = tensor.data_ptr();
  out.device = isCount ? sentry_device{SENTRY_DEVICE_CPU, 0} : device;
  out.ndim = int32_t(shape.size());
  out.dtype = isCount ? sentry_dtype{SENTRY_DTYPE_INT, 64, 1} : sentry_dtype{SENTRY_DTYPE_FLOAT, 32, 1};
  out.shape = shape.data();
  // On a device the memory may be in another order than row-major. Nobody reads it: transfer gives row-major copies.
  return out;
}

void Shown::fill(sentry_named_tensor *out) {
  out->flags = entry.isTrained ? SENTRY_TENSOR_TRAINABLE : entry.isParameter() ? 0 : SENTRY_TENSOR_BUFFER;
  out->name = entry.name.c_str();
  out->value = &value;
  out->gradient = entry.isTrained ? &gradient : nullptr;
}

}  // namespace backbone
