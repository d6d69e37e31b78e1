import ArgumentParser
import SentryInference
import SentryPluginAPI
import SentryRuntime

/// The options of `evaluate` that every model has.
struct EvaluateOptions: ParsableArguments {
  private static let defaults = EvaluationPlan.Options()

  @Option(help: "The checkpoint: .pth or safetensors.", completion: .file())
  var model: String

  @OptionGroup var recipe: ModelRecipe

  @Option(help: "The file or folder that the dataset reads.", completion: .file()) var data: String?

  @Option(
    help: ArgumentHelp(
      "A dataset other than that of the training; auto: the dataset that recognises --data.", valueName: "name"))
  var dataset: String?

  @Option(
    help: ArgumentHelp(
      "train, validation or test; default: test if the dataset has it, otherwise validation.", valueName: "name"))
  var split: Split?

  @Option(help: "The output folder for metrics, figures and the report.", completion: .directory)
  var output = "evaluation_results"

  @Option(help: ArgumentHelp("Samples per batch.", valueName: "n")) var batchSize = Self.defaults.batchSize

  @Option(help: ArgumentHelp("Loader threads; 0 loads on the main thread.", valueName: "n")) var workers = Self.defaults
    .workers

  @Option(help: ArgumentHelp("Compute threads; 0: one per CPU core.", valueName: "n")) var threads = 0

  @OptionGroup var use: ModelFlags

  @Option(help: ArgumentHelp("Skip up to N unreadable samples instead of stopping.", valueName: "n"))
  var skipBad = Self.defaults.skipBad

  @Option(help: ViewAveraging.help) var tta: String?

  @Option(
    help: ArgumentHelp(
      "Bootstrap samples for the 95 % intervals; 0: no intervals (default: 1000).", valueName: "n"))
  var bootstrapSamples: Int?

  @Option(help: .hidden) var draws: Int?

  @Option(help: ArgumentHelp("The seed of the bootstrap.", valueName: "n")) var seed = Self.defaults.seed

  @Option(
    name: .customLong("set"),
    help: ArgumentHelp("Any option of the dataset or the model; repeatable.", valueName: "scope.option=value"))
  var settings: [String] = []

  @Flag(help: "Replace the evaluation in the output folder.") var overwrite = false

  func validate() throws {
    func require(_ isRight: Bool, _ option: String, _ value: Int, _ range: String) throws {
      if !isRight { throw ValidationError("--\(option) is \(value): give \(range)") }
    }
    try require((1...1_000_000).contains(batchSize), "batch-size", batchSize, "1 or more, at most a million")
    try require((0...256).contains(workers), "workers", workers, "0 to 256")
    try require((0...1024).contains(threads), "threads", threads, "0 to 1024")
    try require(skipBad >= 0, "skip-bad", skipBad, "0 or more")
    if draws != nil, bootstrapSamples != nil {
      throw ValidationError("--draws is the old name of --bootstrap-samples: give one of them")
    }
    try require((0...1_000_000).contains(intervalSamples), "bootstrap-samples", intervalSamples, "0 to a million")
  }

  var intervalSamples: Int { bootstrapSamples ?? draws ?? Self.defaults.bootstrapSamples }

  /// What they ask for.
  ///
  /// - Parameter settings: more options of the dataset, under those of `--set`.
  func plan(settings more: [String]) -> EvaluationPlan.Options {
    var plan = EvaluationPlan.Options()
    plan.data = .init(dataset: dataset, data: data, settings: more + settings)
    plan.split = split
    plan.batchSize = batchSize
    plan.workers = workers
    plan.skipBad = skipBad
    plan.views = tta
    plan.bootstrapSamples = intervalSamples
    plan.seed = seed
    plan.command = CommandLine.arguments
    return plan
  }

  /// What is to be said of options that were given under old names.
  var renamed: [String] { draws == nil ? [] : ["--draws is now called --bootstrap-samples"] }

  /// Every name, without the dashes.
  static let names =
    [
      "model", "recipe", "data", "dataset", "split", "output", "batch-size", "workers", "threads", "skip-bad", "tta",
      "bootstrap-samples", "draws", "seed", "set", "overwrite",
    ] + ModelFlags.names
}

extension ViewAveraging {
  /// Of the option --tta.
  static let help = ArgumentHelp(
    """
    Test-time augmentation: the probabilities are means over several views of each sample. The name of a set of views that the \
    model's preprocessing offers; an unknown name lists the sets.
    """, valueName: "name")
}

extension Split: ExpressibleByArgument {
  public init?(argument: String) {
    guard let split = Split.allCases.first(where: { "\($0)" == argument }) else { return nil }
    self = split
  }
  public static var allValueStrings: [String] { allCases.map { "\($0)" } }
}
