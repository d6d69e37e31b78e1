// Updates of the parameters where they are, in one kernel over all of them.
#pragma once
#include "Device.hpp"
#include "Parameters.hpp"

namespace backbone {

/// The settings of one step, as a trainer gives them to sentry.model.update.
struct StepSettings {
  enum class Rule { adamw, sgd } rule;
  double learningRate = 0, weightDecay = 0, maximumNorm = 0, step = 0;
  double beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8;
  double momentum = 0, dampening = 0;
  bool nesterov = false;
  std::optional<double> averageDecay;

  /// - Throws: `Failure` for an optimiser that is not known here.
  explicit StepSettings(const char *json);
};

class Optimizer {
 public:
  /// Both outlive it.
  Optimizer(Parameters &parameters, const Device &device) : parameters(parameters), device(device) {}

  /// - Returns: the norm of the gradients before clipping of the step before, so that nothing waits for the device; NaN in the first
  ///   step.
  double step(const StepSettings &settings);

  /// Copies the state `slot` of `entry` to (from) a tensor of its shape. A state that no step has made reads as zeros, the average as the
  /// parameter.
  void read(const std::string &slot, const Entry &entry, at::Tensor out) const;
  void write(const std::string &slot, const Entry &entry, const at::Tensor &from);

  /// Bytes of all states that there may be.
  int64_t bytes() const { return 4 * parameters.values.nbytes(); }

 private:
  Parameters &parameters;
  const Device &device;
  double steps = 0;
  /// By slot, of the layout of the parameters: "exp_avg", "exp_avg_sq", "momentum_buffer", "average".
  std::map<std::string, at::Tensor> states;
  at::Tensor stepCount, notFinite, normHere;
  Mark normCopied;
  bool normIsUnderWay = false;

  at::Tensor &state(const std::string &slot);
  double exchangeNorm(const at::Tensor &norm);
};

}  // namespace backbone
