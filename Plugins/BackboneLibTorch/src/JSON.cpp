// All that reads or writes JSON: one file, because the library's templates take longer to compile than the rest of a file.
#include <nlohmann/json.hpp>

#include "DenseNet121.hpp"
#include "Host.hpp"
#include "Optimizer.hpp"

namespace backbone {

using JSON = nlohmann::json;

namespace {

std::string textOr(const JSON &options, const char *name, const char *fallback) {
  auto found = options.find(name);
  return found != options.end() && found->is_string() ? found->get<std::string>() : fallback;
}

}  // namespace

Options::Options(const char *json) {
  JSON options = JSON::parse(json);
  inputSize = options.value("input-size", int64_t(224));
  // An integer of the schema may be a seed beyond 2^63.
  seed = options.value("seed", uint64_t(0));
  device = textOr(options, "device", "auto");
  precision = textOr(options, "precision", "auto");
  pretrained = textOr(options, "pretrained", "");
  stem = textOr(options, "pretrained-stem", "sum") == "mean" ? Stem::mean : Stem::sum;
  std::string freeze = textOr(options, "freeze", "auto");
  if (freeze == "auto") freeze = pretrained.empty() ? "none" : "block3";
  frozenPrefixes = prefixes(freeze);
  frozenNormsRun = textOr(options, "frozen-bn-statistics", "batch") == "running";
  cudaGraphs = options.value("cuda-graphs", true);
  deterministic = options.value("deterministic", true);
  selfUpdate = options.value("self-update", false);

  JSON tasks = options.value("tasks", JSON::array());
  if (tasks.size() != 1)
    throw Failure(SENTRY_INVALID, "this model predicts one task, but the dataset has " + std::to_string(tasks.size()));
  task = tasks[0].at("name").get<std::string>();
  classes = tasks[0].at("classes").get<std::vector<std::string>>();
  if (classes.empty()) throw Failure(SENTRY_INVALID, "the task '" + task + "' has no classes");
}

StepSettings::StepSettings(const char *json) {
  auto settings = JSON::parse(json);
  auto optimizer = settings.at("optimizer").get<std::string>();
  if (optimizer != "adamw" && optimizer != "sgd")
    throw Failure(SENTRY_UNSUPPORTED, "the optimizer '" + optimizer + "' is not known here", "use adamw or sgd, or another model");
  rule = optimizer == "sgd" ? Rule::sgd : Rule::adamw;
  learningRate = settings.at("lr").get<double>();
  weightDecay = settings.value("weight_decay", 0.0);
  maximumNorm = settings.value("max_norm", 0.0);
  step = settings.at("step").get<double>();
  if (rule == Rule::adamw) {
    beta1 = settings.at("betas").at(0).get<double>(), beta2 = settings.at("betas").at(1).get<double>();
    epsilon = settings.value("eps", epsilon);
  } else {
    momentum = settings.value("momentum", 0.0);
    dampening = settings.value("dampening", 0.0);
    nesterov = settings.value("nesterov", false);
  }
  auto decay = settings.find("average_decay");
  if (decay != settings.end() && !decay->is_null()) averageDecay = decay->get<double>();
}

std::string describe(const Options &options, const std::string &device, Precision precision) {
  JSON embedding{{"name", "embedding"}, {"kind", "embedding"}, {"shape", {DenseNet121::embedding}}};
  JSON logits{{"name", options.task}, {"kind", "logits"}, {"classes", options.classes}};
  return JSON{
      {"architecture", "DenseNet121"},
      {"input", {{"dtype", "float32"}, {"shape", {1, options.inputSize, options.inputSize}}, {"layout", "CHW"}}},
      {"outputs", JSON::array({logits, embedding})},
      {"stochastic", true},
      {"optional_outputs", true},
      {"device", device},
      {"precision", text(precision)},
  }
      .dump();
}

std::string profileText(const std::map<std::string, double> &seconds) { return JSON(seconds).dump(); }

}  // namespace backbone
