// The state dict: what is declared, and how the layers find it again.
#include "DenseNet121.hpp"
#include "Host.hpp"

namespace backbone {

namespace {

/// Collects declarations in the order of PyTorch's state dict.
struct Declarations {
  const Options &options;
  std::vector<Entry> entries;

  void add(const std::string &name, std::vector<int64_t> shape, Role role) {
    Entry entry;
    entry.name = name, entry.shape = std::move(shape), entry.role = role;
    entry.isTrained = entry.isParameter() && !options.isFrozen(name);
    entries.push_back(std::move(entry));
  }
  void conv(const std::string &name, int64_t outputs, int64_t inputs, int64_t kernel) {
    add(name + ".weight", {outputs, inputs, kernel, kernel}, Role::weight);
  }
  void norm(const std::string &name, int64_t channels) {
    add(name + ".weight", {channels}, Role::scale);
    add(name + ".bias", {channels}, Role::shift);
    add(name + ".running_mean", {channels}, Role::runningMean);
    add(name + ".running_var", {channels}, Role::runningVariance);
    add(name + ".num_batches_tracked", {}, Role::batchCount);
  }
  void linear(const std::string &name, int64_t outputs, int64_t inputs) {
    add(name + ".weight", {outputs, inputs}, Role::weight);
    add(name + ".bias", {outputs}, Role::bias);
  }
};

std::string layerName(int block, int layer) {
  return "backbone.features.denseblock" + std::to_string(block + 1) + ".denselayer" + std::to_string(layer + 1);
}
std::string transitionName(int block) { return "backbone.features.transition" + std::to_string(block + 1); }

}  // namespace

std::vector<Entry> DenseNet121::declare(const Options &options) {
  Declarations declared{options, {}};
  declared.conv("backbone.features.conv0", 64, 1, 7);
  declared.norm("backbone.features.norm0", 64);
  int64_t channels = 64;
  for (int block = 0; block < 4; block++) {
    for (int layer = 0; layer < layersPerBlock[block]; layer++, channels += growth) {
      auto name = layerName(block, layer);
      declared.norm(name + ".norm1", channels);
      declared.conv(name + ".conv1", bottleneck, channels, 1);
      declared.norm(name + ".norm2", bottleneck);
      declared.conv(name + ".conv2", growth, bottleneck, 3);
    }
    if (block == 3) break;
    declared.norm(transitionName(block) + ".norm", channels);
    declared.conv(transitionName(block) + ".conv", channels / 2, channels, 1);
    channels /= 2;
  }
  declared.norm("backbone.features.norm5", channels);
  declared.linear("projection.0", embedding, channels);
  declared.linear("classifier.0", hidden, embedding);
  declared.linear("classifier.3", int64_t(options.classes.size()), hidden);
  return std::move(declared.entries);
}

DenseNet121::DenseNet121(const Options &options, Parameters &parameters) : lastSide(sideAfterStem(options.inputSize) >> 3) {
  auto tensor = [&](const std::string &name) { return parameters.find(name)->value; };
  auto norm = [&](const std::string &name) {
    Norm norm{name,
              tensor(name + ".weight"),
              tensor(name + ".bias"),
              tensor(name + ".running_mean"),
              tensor(name + ".running_var"),
              tensor(name + ".num_batches_tracked")};
    norm.usesBatch = !options.frozenNormsRun || parameters.find(name + ".weight")->isTrained;
    if (norm.usesBatch) counts.push_back(norm.count);
    return norm;
  };
  auto linear = [&](const std::string &name) { return Linear{tensor(name + ".weight"), tensor(name + ".bias")}; };
  conv0 = tensor("backbone.features.conv0.weight");
  norm0 = norm("backbone.features.norm0");
  for (int block = 0; block < 4; block++) {
    std::vector<Layer> layers;
    for (int layer = 0; layer < layersPerBlock[block]; layer++) {
      auto name = layerName(block, layer);
      layers.push_back({norm(name + ".norm1"), tensor(name + ".conv1.weight"), norm(name + ".norm2"), tensor(name + ".conv2.weight")});
    }
    blocks.push_back(std::move(layers));
    if (block < 3) transitions.push_back({norm(transitionName(block) + ".norm"), tensor(transitionName(block) + ".conv.weight")});
  }
  norm5 = norm("backbone.features.norm5");
  projection = linear("projection.0"), first = linear("classifier.0"), last = linear("classifier.3");
}

void DenseNet121::countBatch(int64_t change) const {
  for (auto &count : counts) *count.data_ptr<int64_t>() += change;
}

void DenseNet121::checkTraining(int64_t batch) const {
  if (!norm5.usesBatch || batch * lastSide * lastSide > 1) return;
  throw Failure(SENTRY_INVALID, norm5.name + " sees one value a channel, of which there is no variance",
                "train with a batch of at least two images, or larger images");
}

}  // namespace backbone
