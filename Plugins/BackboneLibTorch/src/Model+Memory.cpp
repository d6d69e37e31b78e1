// What passes need of the device's memory, and which of them are recorded.
#include "Host.hpp"
#include "Model.hpp"

namespace backbone {

namespace {

/// The values of one image that a training pass keeps for its backward pass, and the most that a pass in evaluation has at a time.
struct Values {
  int64_t training = 0, evaluation = 0;
};

Values valuesOfImage(int64_t size) {
  int64_t stem = (size - 1) / 2 + 1, side = DenseNet121::sideAfterStem(size), channels = 64;
  Values values;
  // Convolution, rectified norm, pooling with 64-bit indices.
  values.training = size * size + 2 * 64 * stem * stem + 3 * 64 * side * side;
  values.evaluation = values.training;
  for (int block = 0; block < 4; block++) {
    int64_t area = side * side;
    for (int layer = 0; layer < DenseNet121::layersPerBlock[block]; layer++, channels += DenseNet121::growth)
      // The joined maps and their rectified norm, the bottleneck and its, the new maps.
      values.training += area * (2 * channels + 2 * DenseNet121::bottleneck + DenseNet121::growth);
    values.training += area * 2 * channels;
    values.evaluation = std::max(values.evaluation, area * (4 * channels + 2 * DenseNet121::bottleneck));
    if (block == 3) break;
    channels /= 2, side /= 2;
    values.training += area * channels + side * side * channels;
  }
  return values;
}

}  // namespace

int64_t Model::estimatedBytes(int64_t batch, bool training) const {
  Values values = valuesOfImage(options.inputSize);
  batch = std::min(std::max<int64_t>(batch, 0), int64_t(1) << 20);
  int64_t size = device.precision == Precision::bf16 ? 2 : 4;
  // A tenth for gradients on their way; workspaces of cuDNN and cuBLAS, or packed weights.
  int64_t fixed = device.isCUDA() ? int64_t(1) << 30 : int64_t(160) << 20;
  return batch * size * (training ? values.training * 11 / 10 : values.evaluation) + fixed;
}

int64_t Model::availableBytes() {
  if (!device.isCUDA()) return -1;
  Device::Scope scope(device);
  auto memory = cuda::memory(device.device.index());
  int64_t lasting = parameters.values.nbytes() + parameters.gradients.nbytes() + parameters.statistics.nbytes() + optimizer.bytes();
  return std::max<int64_t>(0, memory.free + memory.held - lasting);
}

bool Model::freeMemory() {
  if (!device.isCUDA()) return false;
  auto index = device.device.index();
  int64_t before = cuda::memory(index).held;
  // A size that is not to be recorded stays so.
  for (auto graph = recorded.begin(); graph != recorded.end();) graph = graph->second ? recorded.erase(graph) : std::next(graph);
  timesFreed++;
  cuda::emptyCache();
  return cuda::memory(index).held < before;
}

std::unique_ptr<cuda::RecordedPass> Model::record(int64_t batch) {
  Timer timer{seconds, "recording of CUDA graphs"};
  std::string size = "a batch of " + std::to_string(batch);
  try {
    auto forward = [this](const at::Tensor &x, const Masks &masks) { return compute(x, true, masks); };
    auto made = std::make_unique<cuda::RecordedPass>(forward, parameters, at::IntArrayRef{batch, 1, options.inputSize, options.inputSize},
                                                     int64_t(options.classes.size()));
    say(SENTRY_LOG_DEBUG, size + ": recorded as CUDA graphs");
    return made;
  } catch (const std::exception &error) {
    auto *torch = dynamic_cast<const c10::Error *>(&error);
    say(torch && isOutOfMemory(*torch) ? SENTRY_LOG_DEBUG : SENTRY_LOG_WARNING,
        size + " could not be recorded as CUDA graphs and is slower: " + firstLine(torch ? torch->what_without_backtrace() : error.what()));
    return nullptr;
  }
}

cuda::RecordedPass *Model::recordedPass(int64_t batch) {
  if (!device.isCUDA() || !options.cudaGraphs) return nullptr;
  int64_t same = ++passes[batch];
  allPasses++;
  if (auto found = recorded.find(batch); found != recorded.end()) return found->second.get();
  // The first size is that of a whole batch. Another one, as of the last batch of an epoch, is worth its memory if it is common. Where memory
  // was short twice, graphs would only take it from each other.
  bool isCommon = allPasses == 1 || (same > 2 && 10 * same >= allPasses);
  if (!isCommon || timesFreed > 1) return nullptr;
  auto made = record(batch);
  if (!made && freeMemory()) made = record(batch);
  return (recorded[batch] = std::move(made)).get();
}

}  // namespace backbone
