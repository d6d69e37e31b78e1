#include "CUDA.hpp"

#ifdef WITH_CUDA
#include <c10/cuda/CUDACachingAllocator.h>
#include <c10/cuda/CUDAException.h>
#include <cuda_runtime_api.h>

namespace backbone::cuda {

std::string objection(int64_t index) {
  int version = 0, count = 0;
  if (cudaDriverGetVersion(&version) == cudaSuccess && version == 0) return "no NVIDIA driver is installed";
  if (auto status = cudaGetDeviceCount(&count); status != cudaSuccess) {
    cudaGetLastError();  // or the next call reports it again
    return cudaGetErrorString(status);
  }
  if (count == 0) return "there is no CUDA device";
  if (index < count) return "";
  return count == 1 ? "the only CUDA device is cuda:0" : "the last CUDA device is cuda:" + std::to_string(count - 1);
}

std::string name(c10::DeviceIndex device) {
  cudaDeviceProp properties;
  C10_CUDA_CHECK(cudaGetDeviceProperties(&properties, device));
  return properties.name;
}

void enterContext() { C10_CUDA_CHECK(cudaFree(nullptr)); }

Memory memory(c10::DeviceIndex device) {
  size_t free = 0, total = 0;
  C10_CUDA_CHECK(cudaMemGetInfo(&free, &total));
  auto statistics = c10::cuda::CUDACachingAllocator::getDeviceStats(device);
  return {int64_t(free), statistics.reserved_bytes[0].current};
}

void emptyCache() { c10::cuda::CUDACachingAllocator::emptyCache(); }

}  // namespace backbone::cuda

#else
namespace backbone::cuda {

std::string objection(int64_t) { return "this plugin was built over a LibTorch without CUDA"; }
std::string name(c10::DeviceIndex) { return ""; }
void enterContext() {}
Memory memory(c10::DeviceIndex) { return {}; }
void emptyCache() {}

}  // namespace backbone::cuda
#endif
