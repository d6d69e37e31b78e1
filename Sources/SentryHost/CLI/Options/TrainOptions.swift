import ArgumentParser
import SentryPluginAPI
import SentryRuntime
import SentryTraining

/// The options of `train` that every recipe has: those of the run (``RunFlags``), and what stands above them.
struct TrainOptions: ParsableArguments {
  @OptionGroup var run: RunFlags

  @Option(help: Self.help("A dataset other than the recipe's; auto: the dataset that recognises --data.", .dataset))
  var dataset: String?

  @Option(help: Self.help("A model other than the recipe's.", .model)) var model: String?

  @Option(
    help: Self.help("An augmenter other than the recipe's; none: the model receives unprepared samples.", .augmenter))
  var augmenter: String?

  @Option(help: Self.help("A trainer other than the recipe's.", .trainer)) var trainer: String?

  @Flag(help: "Train on the CPU: the same as --device cpu.") var cpu = false

  @Option(
    help: ArgumentHelp(
      "What connects the processes that train together; auto: what their launcher is for; none: train alone.",
      valueName: "name"))
  var communicator = "auto"

  @Option(
    name: .customLong("set"),
    help: ArgumentHelp(
      "Any option of the run or of a component; repeatable.",
      discussion:
        "The scopes are run, dataset, augmenter, model and trainer; sentry plugins inspect NAME shows the options.",
      valueName: "scope.option=value"))
  var settings: [String] = []

  @Option(
    help: "Read options from a YAML file; the command line takes precedence.",
    completion: .file(extensions: ["yaml", "yml"]))
  var config: String?

  @Option(
    help: ArgumentHelp(
      "Continue the run in this folder, with its options.",
      discussion: "Only \(Self.resumable) may be combined with it.",
      valueName: "run"),
    completion: .directory)
  var resume: String?

  @Flag(help: "Replace the run in the output folder.") var overwrite = false

  /// Every name, without the dashes.
  static var names: [String] {
    Mirror(reflecting: TrainOptions()).children.compactMap(\.label).flatMap { label in
      switch label {
      case "_run": RunFlags.names
      case "_settings": ["set"]
      default: [String(label.dropFirst())]
      }
    }
  }

  /// The flags that may stand beside `--resume`: `--workers, --threads and --profile`.
  static var resumable: String {
    let names = RunOptions.table.filter { $0.resuming == .given }.map { "--\($0.name)" }
    return names.dropLast().joined(separator: ", ") + " and " + (names.last ?? "")
  }

  private static func help(_ text: String, _ kind: ComponentKind) -> ArgumentHelp {
    let fallback = CommandContext.shared.defaults[kind.rawValue]?.shownAsDefault
    return ArgumentHelp(fallback.map { "\(text) (default: \($0))" } ?? "\(text)", valueName: "name")
  }

  /// The flags of the run that were given; `--cpu` is one for a device.
  var given: [RunRequest.Flag] { run.given + (cpu ? [RunRequest.Flag.cpu].compactMap(\.self) : []) }

  func validate() throws {
    for flag in run.given where flag.option.name == Device.option {
      if case .text(let device) = flag.value { try DeviceFlags.check(cpu: cpu, device) }
    }
  }

  /// The components that were asked for.
  var components: ByKind<String> { [.dataset: dataset, .augmenter: augmenter, .model: model, .trainer: trainer] }

  /// What they ask for; reads the configuration file.
  ///
  /// - Parameter flags: the recipe's, see ``RecipeFlags``.
  func request(_ recipe: Recipe, flags: [String: String?]) throws -> RunRequest {
    let configuration = try config.map(ConfigurationFile.init(path:))
    var named = configuration?.components ?? [:]
    for (kind, name) in components { named[kind] = name }
    return RunRequest(
      recipe: recipe, named: named, configuration: configuration?.assignments ?? [], flags: given,
      recipeFlags: flags, settings: settings, command: CommandLine.arguments)
  }
}
