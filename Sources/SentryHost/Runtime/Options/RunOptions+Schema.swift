import SentryPluginAPI

extension RunOptions {
  private static let descriptions: [String: (help: String, rules: [String: JSONValue])] = [
    "data": ("The file or folder that the dataset reads.", ["type": "string", "format": "path"]),
    "output": ("The folder of the run: checkpoints, history, report.", ["type": "string"]),
    "epochs": ("Passes over the training split.", ["type": "integer", "minimum": 1, "maximum": 1_000_000]),
    "batch-size": ("Samples in one step.", ["type": "integer", "minimum": 1, "maximum": 1_000_000]),
    "workers": ("Loader threads; 0 loads on the main thread.", ["type": "integer", "minimum": 0, "maximum": 256]),
    "threads": ("Compute threads; 0: one for each CPU core.", ["type": "integer", "minimum": 0, "maximum": 1024]),
    "seed": ("The seed of everything random.", ["type": "integer", "minimum": 0]),
    "balance": ("Bring every class to the same number of training samples.", ["type": "boolean"]),
    "balance-task": ("The task whose classes are balanced; without it, the first.", ["type": ["string", "null"]]),
    "target-samples": ("That number; without it, the largest class's.", ["type": ["integer", "null"], "minimum": 1]),
    "augmentation": (
      "How strongly training samples are varied.", ["type": "string", "enum": ["none", "standard", "strong"]]
    ),
    "limit": (
      "Use a stratified subset of this many training samples, and of other splits in proportion.",
      ["type": ["integer", "null"], "minimum": 1]
    ),
    "skip-bad": ("Leave out up to so many unreadable samples instead of stopping.", ["type": "integer", "minimum": 0]),
    "hold-out": (
      "The share of the training split that is held out where there is no validation split.",
      ["type": "number", "exclusiveMinimum": 0, "exclusiveMaximum": 1]
    ),
    "start": (
      "A file whose weights, and optimiser's state where it has one, the run starts from.",
      ["type": ["string", "null"], "format": "path"]
    ),
    "checkpoint-every": ("A checkpoint after every so many epochs; 0: none.", ["type": "integer", "minimum": 0]),
    "micro-batch": (
      "At most so many samples go through the model at once, their gradients added up; without it, as many as fit.",
      ["type": ["integer", "null"], "minimum": 1]
    ),
    "cache-mb": (
      "Keep up to so many megabytes of decoded samples in memory.",
      ["type": "integer", "minimum": 0, "maximum": 1_000_000_000]
    ),
    "memory-limit": (
      "Megabytes that the run may take, for its batches to be split by; 0: what the system has.",
      ["type": "integer", "minimum": 0, "maximum": 1_000_000_000]
    ),
    "profile": ("Measure where the time goes, and tell at the end.", ["type": "boolean"]),
    "tensorboard": ("Write curves, options and pictures for TensorBoard as the run goes.", ["type": "boolean"]),
    "state-seconds": ("Save what --resume needs every so many seconds.", ["type": "integer", "minimum": 1]),
    "best-file": (
      "The name of the best model's file in the folder of the run.",
      ["type": "string", "pattern": .string(RunDirectory.modelFilePattern)]
    ),
    "final-file": (
      "The name of the last model's file in the folder of the run.",
      ["type": "string", "pattern": .string(RunDirectory.modelFilePattern)]
    ),
  ]

  /// The scope `run`, declared as a component declares its options; the defaults are those of the Swift type.
  package static func schema() throws -> OptionSchema {
    let defaults = try JSON.decode(JSONValue.self, from: try JSON.text(RunOptions(output: "")), what: "run")
    var properties: [String: JSONValue] = [:]
    for (name, (help, rules)) in descriptions {
      var members = rules
      members["description"] = .string(help)
      if name != "output" { members["default"] = defaults[name] }
      properties[name] = .object(members)
    }
    return try OptionSchema(["type": "object", "properties": .object(properties)], what: "the options of a run")
  }

  package init(_ options: [String: JSONValue]) throws {
    self = try JSON.decode(from: try JSON.text(options), what: "the options of the run")
  }
}
