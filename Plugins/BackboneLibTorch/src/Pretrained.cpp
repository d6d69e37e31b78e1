#include "Pretrained.hpp"

#include "Host.hpp"
#include "Stem.hpp"
#include "Tensors.hpp"

namespace backbone {

namespace {

bool startsWith(const std::string &text, const std::string &start) { return text.compare(0, start.size(), start) == 0; }
bool endsWith(const std::string &text, const std::string &end) {
  return text.size() >= end.size() && text.compare(text.size() - end.size(), end.size(), end) == 0;
}

/// Today's for that of torchvision's DenseNets of before 2018: denselayer1.norm.1.weight.
std::string spelling(std::string name) {
  for (const char *part : {".norm.1.", ".norm.2.", ".conv.1.", ".conv.2."})
    if (auto place = name.find(part); place != std::string::npos) name.erase(place + strlen(".norm"), 1);
  return name;
}

/// An open file of the host's reader.
class Weights {
 public:
  explicit Weights(const std::string &file) {
    reader = static_cast<const sentry_host_weights *>(host->get_extension(host, SENTRY_EXTENSION_HOST_WEIGHTS));
    if (!reader) throw Failure(SENTRY_UNSUPPORTED, "this host reads no files of weights", "start from a checkpoint (--init-weights)");
    attempt([&](sentry_error *error) { return reader->open(host, file.c_str(), &weights, error); });
  }
  ~Weights() {
    if (weights) reader->close(weights);
  }
  Weights(const Weights &) = delete;

  /// By their names here, borrowed until the file is closed.
  std::map<std::string, at::Tensor> tensors() const {
    std::map<std::string, at::Tensor> stored;
    for (int64_t index = 0; index < reader->count(weights); index++) {
      sentry_named_tensor out{};
      out.struct_size = sizeof out;
      attempt([&](sentry_error *error) { return reader->tensor(weights, index, &out, error); });
      stored[out.name] = borrowed(out.value, out.name);
    }
    // What the file has before the names: "model.features.conv0.weight", "student.backbone.features.conv0.weight".
    std::string before;
    for (auto &[name, tensor] : stored)
      if (endsWith(name, "features.conv0.weight")) before = name.substr(0, name.size() - strlen("features.conv0.weight"));
    std::string outer = endsWith(before, "backbone.") ? before.substr(0, before.size() - strlen("backbone.")) : before;
    std::map<std::string, at::Tensor> tensors;
    for (auto &[name, tensor] : stored) {
      std::string plain = spelling(startsWith(name, outer) ? name.substr(outer.size()) : name);
      tensors[startsWith(plain, "features.") ? "backbone." + plain : plain] = tensor;
    }
    return tensors;
  }

 private:
  const sentry_host_weights *reader;
  sentry_weights *weights = nullptr;

  template <typename Call> static void attempt(Call call) {
    sentry_error error{};
    error.struct_size = sizeof error;
    sentry_status status = call(&error);
    if (status == SENTRY_OK) return;
    Failure failure(status, error.message ? error.message : "the file cannot be read", error.hint ? error.hint : "");
    if (error.destroy) error.destroy(&error);
    throw failure;
  }
};

std::string list(const std::string &opening, const std::vector<std::string> &names) {
  if (names.empty()) return "";
  std::string text = opening;
  for (size_t index = 0; index < std::min<size_t>(4, names.size()); index++) text += (index ? ", " : "") + names[index];
  return names.size() > 4 ? text + " and " + std::to_string(names.size() - 4) + " more" : text;
}

std::string shapeText(const at::Tensor &tensor) {
  std::string text;
  for (auto extent : tensor.sizes()) text += (text.empty() ? "" : ", ") + std::to_string(extent);
  return "[" + text + "]";
}

}  // namespace

std::string loadPretrained(const std::string &file, Stem stem, Parameters &parameters) {
  at::NoGradGuard none;
  Weights weights(file);
  auto tensors = weights.tensors();
  std::vector<std::string> fresh, extra, missing;
  for (auto &[name, tensor] : tensors)
    if (!parameters.find(name)) extra.push_back(name);
  for (auto &entry : parameters.entries) {
    // Files of before 2018 have no counters.
    bool isNeeded = startsWith(entry.name, "backbone.") && entry.role != Role::batchCount;
    if (isNeeded && !tensors.count(entry.name)) missing.push_back(entry.name);
  }
  if (!missing.empty())
    throw Failure(SENTRY_INVALID,
                  file + ": not a DenseNet121: " + std::to_string(missing.size()) + " of its tensors are missing, the first is " +
                      missing[0] + list("; the file has ", extra),
                  "give torchvision's densenet121 state dict, or a checkpoint of this model");
  int64_t loaded = 0;
  bool isConverted = false;
  for (auto &entry : parameters.entries) {
    auto found = tensors.find(entry.name);
    if (found == tensors.end()) {
      if (entry.isParameter()) fresh.push_back(entry.name);
      continue;
    }
    at::Tensor target = entry.value.detach(), stored = found->second;
    if (stored.sizes() == target.sizes()) {
      target.copy_(stored);
    } else if (readsColours(stored, target)) {
      target.copy_(greyStem(stored, stem));
      isConverted = true;
    } else if (startsWith(entry.name, "classifier.3.")) {
      fresh.push_back(entry.name);  // another number of classes: that layer starts anew
      continue;
    } else {
      throw Failure(SENTRY_INVALID,
                    file + ": " + entry.name + " has the shape " + shapeText(stored) + ", but the model's tensor has " + shapeText(target),
                    "give weights of a DenseNet121");
    }
    loaded++;
  }
  if (isConverted && stem == Stem::sum)
    parameters.find("backbone.features.norm0.running_mean")
        ->value.sub_(greyConstant(tensors.at("backbone.features.conv0.weight")).to(parameters.values.device()));
  std::string how = isConverted ? std::string(", the stem as the ") + (stem == Stem::sum ? "sum" : "mean") + " over its three colours" : "";
  return file + ": " + std::to_string(loaded) + " tensors loaded" + how + list("; new: ", fresh) + list("; not used: ", extra);
}

}  // namespace backbone
