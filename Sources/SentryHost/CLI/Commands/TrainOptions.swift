import ArgumentParser
import SentryPluginAPI
import SentryRuntime

/// The options of `train` that every recipe has.
struct TrainOptions: ParsableArguments {
  @Option(help: "The file or folder that the dataset reads.", completion: .file()) var data: String?

  @Option(
    help: ArgumentHelp("Another dataset than the recipe's; auto: the one that --data looks like.", valueName: "name"))
  var dataset: String?

  @Option(help: ArgumentHelp("Another model than the recipe's.", valueName: "name")) var model: String?

  @Option(help: ArgumentHelp("Another augmenter than the recipe's, or none.", valueName: "name")) var augmenter: String?

  @Option(help: ArgumentHelp("Another trainer than the recipe's.", valueName: "name")) var trainer: String?

  @Option(help: "The folder of the run.", completion: .directory) var output: String?

  @Option(help: ArgumentHelp("Passes over the training split.", valueName: "n")) var epochs: String?

  @Option(help: ArgumentHelp("Samples in one step.", valueName: "n")) var batchSize: String?

  @Option(help: ArgumentHelp("Loader threads; 0 loads on the main thread.", valueName: "n")) var workers: String?

  @Option(help: ArgumentHelp("Compute threads; 0: one for each CPU core.", valueName: "n")) var threads: String?

  @Flag(help: "Train on the CPU, today the only device; refuses a model that is elsewhere.") var cpu = false

  @Flag(help: "Bring every class to the same number of training samples.") var balance = false

  @Option(help: ArgumentHelp("That number; without it, the largest class's.", valueName: "n")) var targetSamples:
    String?

  @Option(help: ArgumentHelp("The seed of everything random.", valueName: "n")) var seed: String?

  @Option(help: ArgumentHelp("Train on a stratified subset of this many samples.", valueName: "n")) var limit: String?

  @Option(
    help: ArgumentHelp(
      "Start from this checkpoint's weights, and its optimiser's state if it has one.",
      discussion: "A .pth file of Sentry or of PyTorch, or safetensors.", valueName: "file"),
    completion: .file())
  var start: String?

  @Option(help: ArgumentHelp("Leave out up to so many unreadable samples instead of stopping.", valueName: "n"))
  var skipBad: String?

  @Option(
    help: ArgumentHelp(
      "At most so many samples go through the model at once, their gradients added up.",
      discussion: "Without it, a batch is split only where it would not fit into memory.", valueName: "n"))
  var microBatch: String?

  @Option(
    help: ArgumentHelp("Keep up to so many megabytes of decoded samples in memory (default 512).", valueName: "mb"))
  var cacheMb: String?

  @Flag(help: "Tell at the end where the time went; timing.json keeps it.") var profile = false

  @Option(
    name: .customLong("set"),
    help: ArgumentHelp(
      "Any option of the run or of a component; repeatable.",
      discussion:
        "The scopes are run, dataset, augmenter, model and trainer; sentry plugins inspect NAME shows the options.",
      valueName: "scope.option=value"))
  var settings: [String] = []

  @Option(
    help: "Options from a YAML file, under those of the command line.", completion: .file(extensions: ["yaml", "yml"]))
  var config: String?

  @Option(
    help: ArgumentHelp(
      "Continue the run in this folder, with its options.",
      discussion: "Only --workers, --threads, --cache-mb and --profile may be given anew.", valueName: "run"),
    completion: .directory)
  var resume: String?

  @Flag(help: "Replace the run that is in the folder.") var overwrite = false

  /// Every name, without the dashes.
  static var names: [String] {
    Mirror(reflecting: TrainOptions()).children.compactMap(\.label).map { label in
      label == "_settings"
        ? "set" : label.dropFirst().reduce(into: "") { $0 += $1.isUppercase ? "-\($1.lowercased())" : String($1) }
    }
  }

  /// What was given for options of the run, by option.
  var runValues: [(name: String, value: OptionAssignment.Value)] {
    let texts = [
      ("data", data), ("output", output), ("epochs", epochs), ("batch-size", batchSize), ("workers", workers),
      ("threads", threads), ("target-samples", targetSamples), ("seed", seed), ("limit", limit), ("skip-bad", skipBad),
      ("start", start),
      ("micro-batch", microBatch), ("cache-mb", cacheMb),
    ]
    return texts.compactMap { name, text in text.map { (name, .text($0)) } }
      + (balance ? [("balance", .value(true))] : []) + (profile ? [("profile", .value(true))] : [])
  }

  /// The components that were asked for.
  var components: ByKind<String> { [.dataset: dataset, .augmenter: augmenter, .model: model, .trainer: trainer] }
}
