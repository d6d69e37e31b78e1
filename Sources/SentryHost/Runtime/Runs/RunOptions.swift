import SentryPluginAPI

/// The host's own options of a training: the scope `run` of recipes, configuration files and `--set`. What each of them means
/// is said in ``table``.
package struct RunOptions: Sendable, Equatable {
  /// The strength of the random variation of training samples.
  package enum Augmentation: String, CaseIterable, RunOptionValue { case none, mild, standard, strong }
  package static let augmentationOption = "augmentation"

  package var data: String?
  package var output: String
  package var epochs = 20
  package var minSteps = 0
  package var sizeSchedule: SizeSchedule?
  package var batchSize = 64
  package var workers = 4
  package var threads = 0
  package var seed: UInt64 = 42
  package var balance = false
  package var balanceTask: String?
  package var targetSamples: Int?
  package var augmentation = Augmentation.standard
  package var limit: Int?
  package var valFraction = 0.2
  package var validateEvery = 1
  package var skipBad = 0
  package var initWeights: String?
  package var checkpointEvery = 5
  package var stateSeconds = 300
  package var bestFile = RunDirectory.best
  package var finalFile = RunDirectory.final
  package var microBatch: Int?
  package var cacheMB = 512
  package var memoryLimit = 0
  package var profile = false
  package var tensorboard = true
  package var device = Device.auto

  /// Every option, once: its schema, its flag with its help, its checks, what `--resume` may change and its line in
  /// docs/training.md are made from here.
  package static let table: [RunOption] = [
    .init(
      "data", \.data, "The file or folder that the dataset reads.", .path, flag: .file("path"), resuming: .free),
    .init(
      "output", \.output, "The run directory: checkpoints, history, report.", flag: .folder("folder"),
      resuming: .free),
    .init("epochs", \.epochs, "Passes over the training split.", .within(1...1_000_000), flag: .value("n")),
    .init(
      "min-steps", \.minSteps,
      "Train for at least N steps, unless training stops early: the epochs of few samples are multiplied; the numbers of validations and checkpoints stay the same.",
      .within(0...500_000), flag: .value("n")),
    .init(
      "size-schedule", \.sizeSchedule,
      "The size of inputs over the epochs, of recipes that have one: 48:10,96:20 trains 10 epochs at 48, then 20 at 96.",
      .matches(SizeSchedule.pattern)),
    .init("batch-size", \.batchSize, "Samples in one step.", .within(1...1_000_000), flag: .value("n")),
    .init(
      "workers", \.workers, "Loader threads; 0 loads on the main thread.", .within(0...256), flag: .value("n"),
      resuming: .given),
    .init(
      "threads", \.threads, "Compute threads; 0: one per CPU core.", .within(0...1024), flag: .value("n"),
      resuming: .given),
    .init(
      "device", \.device,
      "auto: a GPU if the model and this machine have one, otherwise the CPU; cpu; cuda; cuda:N for the GPU number N.",
      .matches(Device.pattern), flag: .value("auto|cpu|cuda[:N]"), resuming: .given),
    .init("seed", \.seed, "The seed of all random numbers.", .atLeast(0), flag: .value("n")),
    .init("balance", \.balance, "Give every class the same number of training samples.", flag: .toggle),
    .init(
      "balance-task", \.balanceTask,
      "The task whose classes --balance balances; default: the first task of the dataset."),
    .init(
      "target-samples", \.targetSamples,
      "Samples per class with --balance; default: the size of the largest class.",
      .within(1...1 << 24), flag: .value("n")),
    .init(
      Self.augmentationOption, \.augmentation, "The strength of the random variation of training samples.",
      flag: .value()),
    .init(
      "limit", \.limit, "Use a stratified subset of N training samples, and of other splits in proportion.",
      .atLeast(1), flag: .value("n")),
    .init(
      "val-fraction", \.valFraction,
      "The share of the training split that is held out for validation if the dataset has no validation split.",
      .share, flag: .value("share"), formerly: ["hold-out"]),
    .init(
      "validate-every", \.validateEvery,
      "Validate after every N epochs and after the last. The best model, early stopping and reduce-on-plateau judge only these: patience counts validations.",
      .within(1...1_000_000), flag: .value("n")),
    .init(
      "skip-bad", \.skipBad, "Skip up to N unreadable samples instead of stopping.", .atLeast(0), flag: .value("n"),
      resuming: .free),
    .init(
      "init-weights", \.initWeights,
      "Start from the weights of this file, and from the state of its optimiser if it has one of this kind.", .path,
      flag: .file("file", discussion: "A .pth file of Sentry or of PyTorch, or safetensors."), formerly: ["start"]),
    .init(
      "checkpoint-every", \.checkpointEvery, "Write a checkpoint after every N epochs; 0: none.", .atLeast(0),
      resuming: .free),
    .init(
      "state-seconds", \.stateSeconds,
      "Save the state for --resume every N seconds and after every validation; 0: after every batch.", .atLeast(0),
      resuming: .free),
    .init(
      "best-file", \.bestFile, "The file name of the best model in the run directory.",
      .matches(RunDirectory.modelFilePattern)),
    .init(
      "final-file", \.finalFile, "The file name of the last model in the run directory.",
      .matches(RunDirectory.modelFilePattern)),
    .init(
      "micro-batch", \.microBatch,
      "At most N samples per forward pass; gradients are accumulated over the batch.", .atLeast(1),
      flag: .value("n", discussion: "Without it, a batch is split only if it does not fit into memory.")),
    .init(
      "cache-mb", \.cacheMB, "Keep up to N megabytes of decoded samples in memory.", .within(0...1_000_000_000),
      flag: .value("n"), resuming: .given),
    .init(
      "memory-limit", \.memoryLimit,
      "The memory limit of the run in megabytes: a batch that needs more is split; 0: the available memory.",
      .within(0...1_000_000_000), resuming: .free),
    .init(
      "profile", \.profile, "Print a time breakdown at the end, and write it to timing.json.", flag: .toggle,
      resuming: .given),
    .init(
      "tensorboard", \.tensorboard, "Write curves, options and images for TensorBoard during the run.",
      resuming: .free),
  ]

  package init(output: String) { self.output = output }
}
