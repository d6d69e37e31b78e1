#include "Optimizer.hpp"

#include "Host.hpp"

namespace backbone {

double Optimizer::step(const StepSettings &settings) {
  at::NoGradGuard none;
  auto &values = parameters.values, &gradients = parameters.gradients;
  if (!stepCount.defined()) {
    stepCount = at::zeros({}, values.options());
    notFinite = at::zeros({}, values.options());  // the kernels take a scale only together with it
  }
  at::Tensor norm = at::linalg_vector_norm(at::linalg_vector_norm(gradients.view({-1, Parameters::stretch}), 2, {1}), 2);
  std::optional<at::Tensor> scale, skip;
  if (settings.maximumNorm > 0) {
    // PyTorch's clip_grad_norm_ multiplies by min(1, maximum / (norm + 1e-6)); the kernels divide.
    scale = norm.add(1e-6).div_(settings.maximumNorm).clamp_min_(1);
    skip = notFinite;
  }
  if (settings.averageDecay && !states["average"].defined()) states["average"] = values.clone();
  if (settings.rule == StepSettings::Rule::adamw) {
    stepCount.fill_(settings.step);
    at::_fused_adamw_({values}, {gradients}, {state("exp_avg")}, {state("exp_avg_sq")}, {}, {stepCount}, settings.learningRate,
                      settings.beta1, settings.beta2, settings.weightDecay, settings.epsilon, /*amsgrad=*/false, /*maximize=*/false,
                      scale, skip);
  } else {
    bool isFirst = settings.momentum > 0 && !states["momentum_buffer"].defined();
    std::vector<at::Tensor> buffers;
    if (settings.momentum > 0) buffers.push_back(state("momentum_buffer"));
    at::_fused_sgd_({values}, {gradients}, buffers, settings.weightDecay, settings.momentum, settings.learningRate, settings.dampening,
                    settings.nesterov, /*maximize=*/false, isFirst, scale, skip);
  }
  if (settings.averageDecay) states["average"].lerp_(values, 1 - *settings.averageDecay);
  steps = settings.step;
  return exchangeNorm(norm);
}

double Optimizer::exchangeNorm(const at::Tensor &norm) {
  if (!normHere.defined()) normHere = device.hostMemory({});
  double before = std::numeric_limits<double>::quiet_NaN();
  if (normIsUnderWay) {
    normCopied.wait();  // long done
    before = normHere.item<float>();
  }
  normHere.copy_(norm, /*non_blocking=*/true);
  normCopied.record(device.compute);
  normIsUnderWay = true;
  return before;
}

at::Tensor &Optimizer::state(const std::string &slot) {
  auto &state = states[slot];
  if (!state.defined()) state = at::zeros_like(parameters.values);
  return state;
}

namespace {

void check(const std::string &slot, const Entry &entry) {
  bool isKnown = slot == "step" || slot == "exp_avg" || slot == "exp_avg_sq" || slot == "momentum_buffer" || slot == "average";
  if (!isKnown || !entry.isTrained) throw Failure(SENTRY_INVALID, "there is no state " + slot + "/" + entry.name);
}

}  // namespace

void Optimizer::read(const std::string &slot, const Entry &entry, at::Tensor out) const {
  check(slot, entry);
  auto found = states.find(slot);
  if (slot == "step") out.fill_(steps);
  else if (found != states.end() && found->second.defined()) out.copy_(parameters.view(found->second, entry));
  else if (slot == "average") out.copy_(entry.value);
  else out.zero_();
}

void Optimizer::write(const std::string &slot, const Entry &entry, const at::Tensor &from) {
  check(slot, entry);
  if (slot == "step") {
    steps = from.item<float>();
    return;
  }
  // An average that is written in parts is for the rest that of the parameters.
  if (slot == "average" && !states[slot].defined()) states[slot] = parameters.values.clone();
  parameters.view(state(slot), entry).copy_(from);
}

}  // namespace backbone
