import ArgumentParser
import SentryInference
import SentryPluginAPI
import SentryRuntime
import SentryTraining

struct Compare: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Trains several models alike, or takes runs, and tells what difference there is.",
    discussion: """
      sentry compare RECIPE --data DATA --models A,B --output DIR trains every model with every seed on the same batches in the same \
      order, each as a run in DIR/runs. sentry compare RUN RUN… compares finished runs. Either evaluates the runs on the same split \
      and writes comparison.json, comparison.csv and comparison.html. The same command again continues what was interrupted.

      Runs whose data, split or classes differ are refused.
      """)

  @OptionGroup var global: GlobalOptions

  @Argument(help: "The recipe to train with --models; or run directories, or folders that contain some.")
  var words: [String] = []

  @OptionGroup var options: CompareOptions
  @OptionGroup var comparison: ComparisonOptions
  @OptionGroup(title: "Options of the recipe") var flags: RecipeFlags

  func run() throws {
    TerminalLog.bootstrap(verbose: global.verbose)
    let signals = StopSignals()
    defer { withExtendedLifetime(signals) {} }
    let registry = Registry(try CommandContext.shared.discovery ?? global.discover())
    guard let models = try options.modelNames else { return try compareRuns(registry) }
    try train(models, registry)
  }

  private func compareRuns(_ registry: Registry) throws {
    let foreign = options.foreign(toFinishedRuns: FinishedRuns.takes, flags: flags.given)
    guard foreign.isEmpty else {
      throw PluginError.invalid(
        "\(foreign.joined(separator: ", ")) cannot be given for finished runs",
        hint: "to train models, name them with --models")
    }
    guard !words.isEmpty else {
      throw PluginError.invalid(
        "nothing to compare", hint: "name run directories, or a recipe and --models A,B to train them first")
    }
    try FinishedRuns(given: options.given, comparison, registry).compare(words)
  }

  private func train(_ models: [String], _ registry: Registry) throws {
    guard words.count < 2 else {
      throw PluginError.invalid(
        "--models trains with one recipe, and \(words.count) words were given: \(words.joined(separator: ", "))",
        hint: "name the recipe alone, or leave --models out to compare runs")
    }
    let recipe = try words.first.map(registry.recipe) ?? Recipe.training(models, in: registry)
    let folder = Paths.withoutEndingSlash(options.given.text(of: "output") ?? CompareOptions.folder)
    let seed = options.given.text(of: "seed").flatMap(UInt64.init) ?? RunOptions(output: folder).seed
    try ComparisonFolder.check(folder)
    let training = try ComparisonTraining(
      registry: registry, request: options.request(recipe, flags: flags.given), models: models,
      seeds: (0..<UInt64(options.seeds)).map { seed &+ $0 }, folder: folder,
      environment: .process(TerminalReporter.shared))
    try training.check(prepare: prepare)
    for (number, one) in training.trainings.enumerated() {
      Console.result(
        "run \(number + 1) of \(training.trainings.count): \(one.model), seed \(one.seed): \(one.directory)")
      switch try training.run(one, prepare: prepare) {
      case .known: Console.result("trained already")
      case .trained: break
      case .interrupted:
        Console.error("the same sentry compare command goes on where this one stopped\n")
        throw ExitCode(Failure.cancelled)
      }
      if HostState.shared.isCancelled { throw ExitCode(Failure.cancelled) }
    }
    try FinishedRuns(given: options.given, comparison, registry).compare(training.trainings.map(\.directory))
  }

  /// What components may use from the moment they are made.
  private func prepare(_ run: RunOptions) throws {
    HostState.shared.seed = run.seed
    try HostState.shared.startExecutor(threads: run.threads)
  }
}

extension Recipe {
  /// The one recipe that has one of the models.
  static func training(_ models: [String], in registry: Registry) throws -> Recipe {
    let found = registry.recipes.filter { recipe in
      ([recipe.model] + (recipe.models ?? [])).contains(where: models.contains)
    }
    guard found.count == 1, let recipe = found.first else {
      let names = (found.isEmpty ? registry.recipes : found).map(\.name)
      throw PluginError.invalid(
        "recipe missing", hint: "name it before --models; there are: \(names.joined(separator: ", "))")
    }
    return recipe
  }
}
