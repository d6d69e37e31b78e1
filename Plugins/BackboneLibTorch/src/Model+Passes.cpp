// Forward and backward passes.
#include "Host.hpp"
#include "Model.hpp"

namespace backbone {

Outputs Model::compute(const at::Tensor &x, bool training, const Masks &masks) const {
  Device::Autocast autocast(device);
  return network.forward(x, training, masks);
}

void Model::forward(const sentry_tensor *given, uint32_t flags, uint64_t seed, sentry_managed_tensor **outputs) {
  bool training = flags & SENTRY_FORWARD_TRAINING, sampling = flags & SENTRY_FORWARD_SAMPLE;
  if (training && sampling) throw Failure(SENTRY_UNSUPPORTED, "a pass is for training or a sample, not both");
  at::Tensor batch = checked(given);
  Device::Scope scope(device);
  pass.reset();
  auto attempt = [&] { return training ? train(batch, seed) : evaluate(batch, sampling ? std::optional(seed) : std::nullopt); };
  Outputs results;
  try {
    results = attempt();
  } catch (const c10::Error &error) {
    device.waitForCompute();  // which may be reading the input
    if (!isOutOfMemory(error) || !freeMemory()) throw;
    results = attempt();
  }
  Timer timer{seconds, training ? "forward, waiting" : "evaluation, waiting"};
  at::Tensor logits = download(results.logits), embedding;
  if (!(flags & SENTRY_FORWARD_LOGITS_ONLY)) embedding = download(results.embedding);
  device.waitForCompute();
  outputs[0] = handOver(logits);
  if (embedding.defined()) outputs[1] = handOver(embedding);
}

Outputs Model::train(const at::Tensor &batch, uint64_t seed) {
  network.checkTraining(batch.size(0));
  if (auto *graph = recordedPass(batch.size(0))) {
    Timer timer{seconds, "forward, started"};
    at::NoGradGuard none;
    graph->input.copy_(input.take(batch));
    input.wasRead();
    Masks masks = draw(seed, batch.size(0));
    graph->masks.embedding.copy_(masks.embedding);
    graph->masks.hidden.copy_(masks.hidden);
    graph->replayForward();
    pass = Pass{graph, graph->outputs};
  } else {
    Timer timer{seconds, "forward, started"};
    if (!statisticsBefore.defined()) statisticsBefore = at::empty_like(parameters.statistics);
    statisticsBefore.copy_(parameters.statistics);
    at::AutoGradMode on(true);
    try {
      pass = Pass{nullptr, compute(input.take(batch), true, draw(seed, batch.size(0)))};
    } catch (...) {
      parameters.statistics.copy_(statisticsBefore);
      throw;
    }
  }
  network.countBatch();
  return pass->outputs;
}

Outputs Model::evaluate(const at::Tensor &batch, std::optional<uint64_t> seed) {
  Timer timer{this->seconds, "evaluation, started"};
  at::NoGradGuard none;
  Outputs outputs = compute(input.take(batch), false, seed ? draw(*seed, batch.size(0)) : Masks{});
  input.wasRead();
  return outputs;
}

void Model::backward(const sentry_tensor *const *given, uint32_t flags) {
  auto last = std::exchange(pass, std::nullopt);
  if (!last) throw Failure(SENTRY_INVALID, "a backward pass without a forward pass for training");
  Device::Scope scope(device);
  Timer timer{seconds, "backward, started"};
  const char *names[] = {"the gradient of the logits", "the gradient of the embedding"};
  const at::Tensor outputs[] = {last->outputs.logits, last->outputs.embedding};
  at::Tensor slopes[2];  // undefined: zero
  for (int index = 0; index < 2; index++) {
    if (!given[index]) continue;
    slopes[index] = borrowed(given[index], names[index]);
    if (slopes[index].sizes() != outputs[index].sizes() || slopes[index].scalar_type() != at::kFloat)
      throw Failure(SENTRY_INVALID, std::string(names[index]) + " has another shape or type than its output");
  }
  if (last->recorded) {
    at::NoGradGuard none;
    auto &inside = last->recorded->gradients;
    slopes[0].defined() ? inside.logits.copy_(slopes[0]) : inside.logits.zero_();
    slopes[1].defined() ? inside.embedding.copy_(slopes[1]) : inside.embedding.zero_();
    if (!(flags & SENTRY_BACKWARD_ACCUMULATE)) parameters.gradients.zero_();
    last->recorded->replayBackward();
    return;
  }
  if (!(flags & SENTRY_BACKWARD_ACCUMULATE)) parameters.gradients.zero_();
  std::vector<at::Tensor> roots, gradients;
  for (int index = 0; index < 2; index++) {
    if (!slopes[index].defined()) continue;
    roots.push_back(outputs[index]);
    gradients.push_back(slopes[index].to(device.device));
  }
  try {
    if (!roots.empty()) torch::autograd::backward(roots, gradients);
  } catch (const c10::Error &error) {
    device.waitForCompute();
    if (isOutOfMemory(error)) {  // the host makes the whole pass again, in parts
      at::NoGradGuard none;
      parameters.statistics.copy_(statisticsBefore);
      network.countBatch(-1);
      roots.clear(), last.reset();
      freeMemory();
    }
    throw;
  }
  input.wasRead();
}

}  // namespace backbone
