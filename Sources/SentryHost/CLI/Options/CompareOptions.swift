import ArgumentParser
import SentryInference
import SentryPluginAPI
import SentryRuntime
import SentryTraining

/// How runs are evaluated against each other, whoever trained them.
struct ComparisonOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "The split on which the models are compared: train, validation or test; default: test if the dataset has it, otherwise validation.",
      valueName: "name"))
  var split: Split?

  @Option(
    help: ArgumentHelp(
      "How many times the bootstrap draws samples and seeds (default: \(ModelComparison.usualDraws)).", valueName: "n"))
  var bootstrapSamples: Int?

  func validate() throws {
    guard (100...1_000_000).contains(draws) else {
      throw ValidationError("--bootstrap-samples is \(draws): give 100 to a million")
    }
  }

  var draws: Int { bootstrapSamples ?? ModelComparison.usualDraws }
  /// What was given, without the dashes.
  var given: [String] { (split == nil ? [] : ["split"]) + (bootstrapSamples == nil ? [] : ["bootstrap-samples"]) }

  static let names = ["split", "bootstrap-samples"]
}

/// The options of `compare` beside those of ``ComparisonOptions``: what is trained, as in ``TrainOptions``.
struct CompareOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "The models to train and compare, with commas between them; the others are held against the first.",
      valueName: "a,b,…"))
  var models: String?

  @Option(help: ArgumentHelp("Train every model with N seeds: --seed and the following numbers.", valueName: "n"))
  var seeds = 3

  @OptionGroup var run: RunFlags

  @Option(help: "A dataset other than the recipe's; auto: the dataset that recognises --data.") var dataset: String?

  @Option(help: "An augmenter other than the recipe's; none: the models receive unprepared samples.")
  var augmenter: String?

  @Option(help: "A trainer other than the recipe's.") var trainer: String?

  @Flag(help: "Train on the CPU: the same as --device cpu.") var cpu = false

  @Option(
    name: .customLong("set"),
    help: ArgumentHelp(
      "Any option of the runs or of a component; repeatable.",
      discussion: "An option of the model is for those models that have it.", valueName: "scope.option=value"))
  var settings: [String] = []

  @Option(
    help: "Read options from a YAML file; the command line takes precedence.",
    completion: .file(extensions: ["yaml", "yml"]))
  var config: String?

  /// The folder of a comparison where nobody names one.
  static let folder = "comparison"
  static let names =
    ["models", "seeds", "dataset", "augmenter", "trainer", "cpu", "set", "config"] + ComparisonOptions.names

  func validate() throws {
    guard (1...1000).contains(seeds) else { throw ValidationError("--seeds is \(seeds): give 1 to 1000") }
    for flag in run.given where flag.option.name == Device.option {
      if case .text(let device) = flag.value { try DeviceFlags.check(cpu: cpu, device) }
    }
  }

  /// The names in `--models`; nil without it.
  var modelNames: [String]? {
    get throws { try models.map(Self.modelNames) }
  }

  /// The same of words that are not parsed yet.
  static func modelNames(among words: ArraySlice<String>) throws -> [String]? {
    let flag = "--models"
    if let place = words.firstIndex(of: flag), place + 1 < words.endIndex {
      return try modelNames(in: words[place + 1])
    }
    return try words.first { $0.hasPrefix("\(flag)=") }.map { try modelNames(in: String($0.dropFirst(flag.count + 1))) }
  }

  static func modelNames(in list: String) throws -> [String] {
    let names = list.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    guard names.count > 1, !names.contains("") else {
      throw PluginError.invalid("--models \(list): give two or more names with commas between them")
    }
    return names
  }

  /// The flags of the run that were given; `--cpu` is one for a device.
  var given: [RunRequest.Flag] { run.given + (cpu ? [RunRequest.Flag.cpu].compactMap(\.self) : []) }

  /// - Parameter flags: the recipe's, see ``RecipeFlags``.
  func request(_ recipe: Recipe, flags: [String: String?]) throws -> RunRequest {
    let configuration = try config.map(ConfigurationFile.init(path:))
    var named = configuration?.components ?? [:]
    for (kind, name) in [.dataset: dataset, .augmenter: augmenter, .trainer: trainer] as ByKind<String> {
      named[kind] = name
    }
    return RunRequest(
      recipe: recipe, named: named, configuration: configuration?.assignments ?? [], flags: given, recipeFlags: flags,
      settings: settings, command: CommandLine.arguments)
  }

  /// What was given that runs, which are trained already, cannot take.
  func foreign(toFinishedRuns takes: Set<String>, flags: [String: String?]) -> [String] {
    let components = [("dataset", dataset), ("augmenter", augmenter), ("trainer", trainer), ("config", config)]
    return given.filter { !takes.contains($0.option.name) }.map { "--\($0.name)" }
      + components.filter { $0.1 != nil }.map { "--\($0.0)" } + settings.map { "--set \($0)" }
      + flags.keys.sorted().map { "--\($0)" }
  }
}

extension RunRequest.Flag {
  /// What `--cpu` stands for.
  static var cpu: RunRequest.Flag? { named(Device.option, .value(.string(Device.cpu.name))) }

  /// The flag of an option; nil where the run has no such option.
  static func named(_ name: String, _ value: OptionAssignment.Value) -> RunRequest.Flag? {
    RunOptions.table.first { $0.name == name }.map { RunRequest.Flag($0, name: name, value: value) }
  }
}

extension [RunRequest.Flag] {
  /// What was given for an option; nil where nothing was.
  func text(of option: String) -> String? {
    last { $0.option.name == option }?.value.text
  }
}
