import ArgumentParser
import SentryPluginAPI
import SentryRuntime

/// The options of `evaluate` that every model has.
struct EvaluateOptions: ParsableArguments {
  @Option(help: "The checkpoint: .pth or safetensors.", completion: .file())
  var model: String

  @OptionGroup var recipe: ModelRecipe

  @Option(help: "The file or folder that the dataset reads.", completion: .file()) var data: String?

  @Option(
    help: ArgumentHelp(
      "Another dataset than the training's; auto: the one that --data looks like.", valueName: "name"))
  var dataset: String?

  @Option(
    help: ArgumentHelp(
      "train, validation or test; without it test where there is one, else validation.", valueName: "name"))
  var split: Split?

  @Option(help: "The folder for numbers, pictures and the report.", completion: .directory)
  var output = "evaluation_results"

  @Option(help: ArgumentHelp("Samples computed at once.", valueName: "n")) var batchSize = 64

  @Option(help: ArgumentHelp("Loader threads; 0 loads on the main thread.", valueName: "n")) var workers = 4

  @Option(help: ArgumentHelp("Compute threads; 0: one for each CPU core.", valueName: "n")) var threads = 0

  @Flag(help: "Evaluate on the CPU, today the only device; refuses a model that is elsewhere.") var cpu = false

  @Option(help: ArgumentHelp("Skip up to N unreadable samples instead of stopping.", valueName: "n"))
  var skipBad = 0

  @Option(
    help: ArgumentHelp(
      "Samples that the bootstrap draws for the 95 % intervals; 0: no intervals (default: 1000).", valueName: "n"))
  var bootstrapSamples: Int?

  @Option(help: .hidden) var draws: Int?

  @Option(help: ArgumentHelp("The seed of the bootstrap.", valueName: "n")) var seed: UInt64 = 42

  @Option(
    name: .customLong("set"),
    help: ArgumentHelp("Any option of the dataset; repeatable.", valueName: "dataset.option=value"))
  var settings: [String] = []

  @Flag(help: "Replace the evaluation that is in the output folder.") var overwrite = false

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

  var intervalSamples: Int { bootstrapSamples ?? draws ?? 1000 }

  /// What is to be said of options that were given under old names.
  var renamed: [String] { draws == nil ? [] : ["--draws is now called --bootstrap-samples"] }

  /// Every name, without the dashes.
  static let names = [
    "model", "recipe", "data", "dataset", "split", "output", "batch-size", "workers", "threads", "cpu", "skip-bad",
    "bootstrap-samples", "draws", "seed", "set", "overwrite",
  ]
}

extension Split: ExpressibleByArgument {
  public init?(argument: String) {
    guard let split = Split.allCases.first(where: { "\($0)" == argument }) else { return nil }
    self = split
  }
  public static var allValueStrings: [String] { allCases.map { "\($0)" } }
}
