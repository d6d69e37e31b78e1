// The model as the border sees it: DenseNet121 on a device.
#pragma once
#include <chrono>

#include "CUDA.hpp"
#include "Device.hpp"
#include "Input.hpp"
#include "Optimizer.hpp"
#include "Tensors.hpp"

namespace backbone {

class Model {
 public:
  /// First: a pointer to the one is a pointer to the other.
  sentry_model border{};

  explicit Model(const char *options);
  ~Model();

  // As sentry/model.h has them.
  void forward(const sentry_tensor *input, uint32_t flags, uint64_t seed, sentry_managed_tensor **outputs);
  void backward(const sentry_tensor *const *slopes, uint32_t flags);
  double update(const char *settings);
  void transfer(const std::string &name, bool write, const sentry_tensor *tensor);
  int64_t estimatedBytes(int64_t batch, bool training) const;
  int64_t availableBytes();
  const char *takeProfile();

  /// Whether the parameters are where a trainer cannot reach them, or are to seem so.
  ///
  /// Then their memory and the activations are channels-last, which a device is fastest with; else they are row-major, as a trainer reads them.
  bool updatesItself() const { return device.isCUDA() || options.selfUpdate; }

  const Options options;
  const Device device;
  std::string description;
  std::vector<std::unique_ptr<Shown>> shown;
  Input input;

 private:
  Parameters parameters;
  DenseNet121 network;
  Optimizer optimizer;
  std::string profile;
  std::map<std::string, double> seconds;

  /// The last training pass: recorded, or as autograd has it.
  struct Pass {
    cuda::RecordedPass *recorded = nullptr;
    Outputs outputs;
  };
  std::optional<Pass> pass;
  /// The running statistics before it, for a pass that is to be made again in parts.
  at::Tensor statisticsBefore;

  /// By batch size; nullptr for one that is not to be recorded.
  std::map<int64_t, std::unique_ptr<cuda::RecordedPass>> recorded;
  /// How many training passes there were, by batch size, and in all.
  std::map<int64_t, int64_t> passes;
  int64_t allPasses = 0;
  int timesFreed = 0;

  /// Where the drop-outs of a pass are drawn, and the same on the device.
  at::Tensor drawn, drawnThere;
  Mark drawnCopied;

  struct Timer {
    std::map<std::string, double> &seconds;
    const char *what;
    std::chrono::steady_clock::time_point start = std::chrono::steady_clock::now();
    ~Timer() { seconds[what] += std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count(); }
  };

  at::Tensor checked(const sentry_tensor *input) const;
  Outputs train(const at::Tensor &batch, uint64_t seed);
  Outputs evaluate(const at::Tensor &batch, std::optional<uint64_t> seed);
  Outputs compute(const at::Tensor &x, bool training, const Masks &masks) const;
  /// nullptr: the pass is launched kernel by kernel.
  cuda::RecordedPass *recordedPass(int64_t batch);
  std::unique_ptr<cuda::RecordedPass> record(int64_t batch);
  Masks draw(uint64_t seed, int64_t batch);
  at::Tensor download(const at::Tensor &result) const;
  /// Gives back what no pass under way needs; whether there was any.
  bool freeMemory();
};

}  // namespace backbone
