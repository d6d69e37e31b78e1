#include "Options.hpp"

namespace backbone {

std::vector<std::string> Options::prefixes(const std::string &freeze) {
  if (freeze == "none") return {};
  if (freeze == "backbone") return {"backbone."};
  std::vector<std::string> prefixes{"backbone.features.conv0.", "backbone.features.norm0."};
  for (char block = '1'; block <= freeze.back(); block++) {  // block1, block2, block3
    prefixes.push_back(std::string("backbone.features.denseblock") + block + ".");
    prefixes.push_back(std::string("backbone.features.transition") + block + ".");
  }
  return prefixes;
}

bool Options::isFrozen(const std::string &name) const {
  return std::any_of(frozenPrefixes.begin(), frozenPrefixes.end(),
                     [&](const std::string &prefix) { return name.compare(0, prefix.size(), prefix) == 0; });
}

const char *const Options::schema = R"({
  "$schema": "https://json-schema.org/draft/2020-12/schema", "type": "object", "additionalProperties": false,
  "properties": {
    "input-size": {"type": "integer", "default": 224, "minimum": 32, "maximum": 1024,
      "description": "Height and width of the input in pixels."},
    "freeze": {"type": "string", "default": "auto", "enum": ["auto", "none", "block1", "block2", "block3", "backbone"],
      "description": "The frozen layers, from the input up to and including a dense block with its transition, or the whole backbone; auto: block3 with pretrained weights, none without."},
    "frozen-bn-statistics": {"type": "string", "default": "batch", "enum": ["batch", "running"],
      "x-sentry-used-when": {"freeze": {"not": ["none"]}},
      "description": "The statistics that frozen batch norms use in training: those of the batch, or the running statistics."},
    "precision": {"type": "string", "default": "auto", "enum": ["auto", "f32", "tf32", "bf16"],
      "description": "The format of convolutions and products; parameters, gradients, statistics and checkpoints are f32. auto: tf32 on CUDA, f32 on the CPU."},
    "deterministic": {"type": "boolean", "default": true,
      "description": "Use only algorithms that give the same bytes in every run; false: let cuDNN measure which are fastest."},
    "cuda-graphs": {"type": "boolean", "default": true,
      "description": "Record training passes as CUDA graphs, one for each batch size that is common; false: less memory, slower."},
    "self-update": {"type": "boolean", "default": false,
      "description": "On the CPU, keep the parameters to itself and apply the optimiser as on a device, to test what a device needs."},
    "pretrained": {"type": "string", "format": "path",
      "description": "Weights to start from: torchvision's DenseNet121 (in either spelling and file format), or a checkpoint of Sentry."},
    "pretrained-stem": {"type": "string", "default": "sum", "enum": ["sum", "mean"],
      "x-sentry-used-when": {"pretrained": {"not": [null]}},
      "description": "How the weights of three colours become those of grey; sum: equivalent on grey images; mean: the mean over the colours."},
    "device": {"type": "string", "default": "auto", "x-sentry-host": true,
      "description": "auto, cpu, cuda or cuda:N; set by the host (--device)."},
    "tasks": {"type": "array", "x-sentry-host": true, "description": "The tasks of the dataset; set by the host."},
    "seed": {"type": "integer", "x-sentry-host": true, "description": "The seed of the run; set by the host."}
  }
})";

const char *text(Precision precision) {
  switch (precision) {
    case Precision::f32: return "f32";
    case Precision::tf32: return "tf32";
    case Precision::bf16: return "bf16";
  }
  return "";
}

}  // namespace backbone
