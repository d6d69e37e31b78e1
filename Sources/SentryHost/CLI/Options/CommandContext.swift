import ArgumentParser
import SentryPluginAPI
import SentryRuntime
import Synchronization

/// What the command line is read with: the recipes and flags that plugins bring.
struct CommandContext: Sendable {
  /// The flags of the recipe that is asked for; of all recipes where all commands are described.
  var flags: [Recipe.Flag] = []
  /// What holds where the user says nothing, by address; without a recipe, the options of the run alone.
  var defaults: [String: JSONValue] = [:]
  /// The flags of all recipes that are about data, where a trained model is to be used on some.
  var datasetFlags: [Recipe.Flag] = []
  var recipes: [Recipe] = []
  /// What the first look found, so that the command need not look again.
  var discovery: Discovery?

  private static let current = Mutex(CommandContext())

  static var shared: CommandContext {
    get { current.withLock { $0 } }
    set { current.withLock { $0 = newValue } }
  }

  /// Whether an argument asks for all commands with the flags of all recipes: for the scripts of completion, and for manual pages.
  private static func describesAll(_ argument: String) -> Bool {
    argument.hasPrefix("--generate-completion-script") || argument == "--experimental-dump-help"
  }

  /// The first of two looks at the command line: only what decides which flags there are. What is wrong with the rest is
  /// for the second look, by the commands themselves.
  static func prepare(for arguments: [String]) throws {
    let quiet: Set = ["-h", "--help", "-help", "--help-hidden", "--version"]
    let isForAll = arguments.contains(where: describesAll)
    let commands = ["evaluate"] + EarlyArguments.commandsOfRecipes
    guard isForAll || arguments.contains(where: commands.contains) else { return }
    guard
      let early = try? EarlyArguments.parse(
        arguments.filter { !quiet.contains($0) && !describesAll($0) })
    else { return }
    guard
      isForAll
        || early.rest.first(where: { !$0.hasPrefix("-") }).map({ $0 == "help" || commands.contains($0) }) == true
    else { return }
    let registry = Registry(try early.global.discover())
    let reserved = reservedNames
    var context = CommandContext()
    (context.recipes, context.discovery) = (registry.recipes, registry.discovery)
    if isForAll || early.rest.contains("evaluate") {
      context.datasetFlags = DatasetFlags.flags(
        of: registry.recipes, reserved: reserved.union(EvaluateOptions.names))
    }
    if isForAll {
      var seen: Set<String> = []
      context.flags = registry.recipes.filter { $0.flagProblem(reserved: reserved) == nil }.flatMap(\.flags)
        .filter { seen.insert($0.name).inserted }
    } else if let recipe = try early.recipe(in: registry) {
      if let problem = recipe.flagProblem(reserved: reserved) {
        throw PluginError(problem, hint: "the plugin must rename it")
      }
      context.flags = early.trains ? recipe.flags : recipe.flags.filter { !CompareOptions.names.contains($0.name) }
      context.defaults = recipe.effectiveDefaults(registry)
    }
    shared = context
  }

  /// The names of the host's own options of `train`, which no recipe may take.
  static var reservedNames: Set<String> {
    let own = ["help", "help-hidden", "version", "generate-completion-script", "experimental-dump-help"]
    return Set(own + TrainOptions.names + ["plugin-dir", "model-dir", "verbose", "allow-untrusted"])
  }
}

/// What the first look reads.
struct EarlyArguments: ParsableArguments {
  @OptionGroup var global: GlobalOptions
  @Argument(parsing: .allUnrecognized) var rest: [String] = []

  /// The commands whose flags are those of a recipe.
  static let commandsOfRecipes = [train, "compare"]
  private static let train = "train"

  /// Whether the words are of `train`.
  var trains: Bool { rest.first { Self.commandsOfRecipes.contains($0) } == Self.train }

  /// The recipe that the words after the command name; nil where they name none.
  func recipe(in registry: Registry) throws -> Recipe? {
    guard let start = rest.firstIndex(where: Self.commandsOfRecipes.contains) else { return nil }
    let words = rest[(start + 1)...]
    let known = registry.recipes
    if let recipe = words.lazy.compactMap({ word in known.first { $0.name == word } }).first { return recipe }
    // Other words of `compare` are runs; where it trains without a recipe's name, the models tell it.
    guard trains else { return try CompareOptions.modelNames(among: words).map { try .training($0, in: registry) } }
    // Its flags are unknown: without this, the error would be about them.
    if let first = words.first, !first.hasPrefix("-") { return try registry.recipe(first) }
    return nil
  }
}
