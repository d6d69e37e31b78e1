#include "CUDA.hpp"

#ifdef WITH_CUDA
#include <ATen/cuda/CUDAGraph.h>
#include <c10/cuda/CUDACachingAllocator.h>
#include <cuda_runtime_api.h>

namespace backbone::cuda {

/// Both graphs have one pool of memory: the backward pass reads what the forward pass kept there, so they are replayed in turns.
struct RecordedPass::Graphs {
  at::cuda::MempoolId_t pool = at::cuda::graph_pool_handle();
  at::cuda::CUDAGraph forward, backward;

  template <typename Body> void record(at::cuda::CUDAGraph &graph, Body body) {
    try {
      // The loaders' threads may call CUDA meanwhile (pinned memory): only this thread is held to what can be recorded.
      graph.capture_begin(pool, cudaStreamCaptureModeThreadLocal);
      body();
      graph.capture_end();
    } catch (...) {
      abandon(graph);
      throw;
    }
  }

  /// Ends a recording that failed: CUDAGraph leaves stream and allocator as if it went on.
  void abandon(at::cuda::CUDAGraph &graph) {
    auto stream = c10::cuda::getCurrentCUDAStream();
    cudaStreamCaptureStatus status = cudaStreamCaptureStatusNone;
    if (cudaStreamIsCapturing(stream, &status) != cudaSuccess || status != cudaStreamCaptureStatusNone) {
      cudaGraph_t unfinished = nullptr;
      cudaStreamEndCapture(stream, &unfinished);
      if (unfinished) cudaGraphDestroy(unfinished);
    }
    cudaGetLastError();
    try {
      graph.pool();  // it ended: the graph releases its part of the pool itself
    } catch (const c10::Error &) {
      try {
        c10::cuda::CUDACachingAllocator::endAllocateToPool(stream.device_index(), pool);
        c10::cuda::CUDACachingAllocator::releasePool(stream.device_index(), pool);
      } catch (const c10::Error &) {
        // It had not begun.
      }
    }
  }
};

RecordedPass::RecordedPass(const Forward &forward, Parameters &parameters, at::IntArrayRef inputShape, int64_t classes)
    : graphs(std::make_unique<Graphs>()) {
  auto f32 = parameters.values.options();
  int64_t batch = inputShape[0];
  {
    at::NoGradGuard none;
    // As an input that is not recorded lies: or cuDNN chooses other algorithms.
    input = at::empty(inputShape, f32, at::MemoryFormat::ChannelsLast).zero_();
    masks = {at::ones({batch, DenseNet121::embedding}, f32), at::ones({batch, DenseNet121::hidden}, f32)};
    gradients = {at::zeros({batch, classes}, f32), at::zeros({batch, DenseNet121::embedding}, f32)};
  }
  // What the passes before the recording change is put back.
  at::Tensor statistics = parameters.statistics.clone(), slopes = parameters.gradients.clone();
  auto stream = c10::cuda::getCurrentCUDAStream();
  auto restore = [&] {
    at::NoGradGuard none;
    parameters.statistics.copy_(statistics);
    parameters.gradients.copy_(slopes);
    stream.synchronize();
  };
  auto backward = [&](const Outputs &out) {
    torch::autograd::backward({out.logits, out.embedding}, {gradients.logits, gradients.embedding});
  };
  try {
    at::AutoGradMode on(true);
    // Libraries make handles and workspaces and choose algorithms in the first passes, which cannot be recorded.
    for (int pass = 0; pass < 2; pass++) backward(forward(input, masks));
    stream.synchronize();
    emptyCache();  // of no use to the recording, which has memory of its own
    Outputs out;
    graphs->record(graphs->forward, [&] { out = forward(input, masks); });
    graphs->record(graphs->backward, [&] { backward(out); });
    outputs = {out.logits.detach(), out.embedding.detach()};
  } catch (...) {
    restore();
    throw;
  }
  restore();
}

RecordedPass::~RecordedPass() = default;

void RecordedPass::replayForward() { graphs->forward.replay(); }
void RecordedPass::replayBackward() { graphs->backward.replay(); }

}  // namespace backbone::cuda

#else
namespace backbone::cuda {

struct RecordedPass::Graphs {};
RecordedPass::RecordedPass(const Forward &, Parameters &, at::IntArrayRef, int64_t) {}
RecordedPass::~RecordedPass() = default;
void RecordedPass::replayForward() {}
void RecordedPass::replayBackward() {}

}  // namespace backbone::cuda
#endif
