import ArgumentParser
import Logging
import SentryPluginAPI
import SentryRuntime
import SentryTraining

struct Train: ParsableCommand {
  static var configuration: CommandConfiguration {
    let recipes = CommandContext.shared.recipes
    let list =
      recipes.isEmpty
      ? "No plugin offers a recipe; sentry plugins list shows the plugins that were found."
      : "Recipes:\n" + TextTable.text(recipes.map { [$0.name, $0.summary] }, indent: "  ")
        + "\n\nsentry train RECIPE --help shows the options that a recipe adds."
    return CommandConfiguration(abstract: "Trains a model with a recipe.", discussion: list)
  }

  @OptionGroup var global: GlobalOptions

  @Argument(
    help: "The recipe to train; not needed with --resume.",
    completion: .custom { _, _, _ in CompletionWords.recipes() })
  var recipe: String?

  @OptionGroup var options: TrainOptions
  @OptionGroup(title: "Options of the recipe") var flags: RecipeFlags

  func run() throws {
    TerminalLog.bootstrap(verbose: global.verbose)
    let registry = Registry(try CommandContext.shared.discovery ?? global.discover())
    let world = try World.join(registry, named: options.communicator == "auto" ? nil : options.communicator)
    HostState.shared.world = world
    try world.introduce()
    try ending(world) { try train(registry) }
  }

  private func train(_ registry: Registry) throws {
    let world = HostState.shared.world
    // The run's directory is the leader's: nobody else need see it.
    let recorded = try world.agree(on: "the record of the run") {
      try world.isLeader ? options.resume.map { try recordedPlan($0) } : nil
    }
    let resumed = try world.broadcast(recorded, of: "the record of the run")
    let (plan, components) = try world.agree(on: "the plan of the run") {
      let made = try make(registry, resumed)
      try made.1.checkFit(made.0)
      if made.0.run.device == .cpu {
        try made.1.checkOnCPU(made.0)
        Logger.host.info("the run computes on the CPU, as \(options.cpu ? "--cpu" : "--device cpu") requires")
      }
      return made
    }
    let outcome = try TrainingSession(
      plan: plan, components: components,
      directory: resumed != nil ? .resume : options.overwrite ? .overwrite : .new,
      environment: .process(world.isLeader ? TerminalReporter.shared : SilentReporter()),
      remake: registry.remakeComponents
    ).run()
    if outcome.exitCode != 0 { throw ExitCode(outcome.exitCode) }
  }

  private func recordedPlan(_ folder: String) throws -> RunPlan {
    try checkResume()
    var recorded = try RunRecord.plan(at: folder)
    recorded.run.output = folder
    return recorded
  }

  /// - Parameter recorded: of the run that goes on; nil for a new one.
  private func make(_ registry: Registry, _ recorded: RunPlan?) throws -> (RunPlan, RunComponents) {
    if let recorded {
      let resumed = RunResumption(
        registry: registry, recipe: recipe, overrides: options.given.map(\.assignment))
      let made = try resumed.make(recorded, prepare: prepare)
      tellDevice(of: made.1.model)
      return made
    }
    try checkEmptyFolders(registry)
    let planner = try RunPlanner(registry: registry, request: request(registry))
    let made = try planner.make(prepare: prepare)
    let place = ModelPlace(of: made.1.model)
    if let reason = planner.modelReason {
      let on = place.isCPU ? "" : place.title.map { " on \(TerminalText.line($0))" } ?? ""
      Logger.host.info(
        "the run trains \(made.0.model.title)\(on): \(reason); --device cpu or --model NAME chooses another")
    } else {
      tellDevice(of: made.1.model)
    }
    return made
  }

  /// What components may use from the moment they are made.
  private func prepare(_ run: RunOptions) throws {
    HostState.shared.seed = run.seed
    try HostState.shared.startExecutor(threads: run.threads)
  }

  private func request(_ registry: Registry) throws -> RunRequest {
    guard let recipe else {
      let names = registry.recipes.map(\.name)
      throw PluginError.invalid(
        "recipe missing",
        hint: names.isEmpty ? "none was found; see sentry plugins list" : "there are: \(names.joined(separator: ", "))")
    }
    return try options.request(try registry.recipe(recipe), flags: flags.given)
  }

  /// A folder that was named for its plugins and holds none is a slip of the pen.
  private func checkEmptyFolders(_ registry: Registry) throws {
    for folder in registry.discovery.search.folders where folder.origin == .option {
      let usable = registry.discovery.reports.contains {
        $0.folder == folder && ($0.state == .usable || $0.state == .shadowed)
      }
      guard !usable else { continue }
      let wanted = (recipe.map { RunPlanner.parts(of: $0, in: registry) } ?? []).joined(separator: ", ")
      throw PluginError(
        "--plugin-dir \(folder.path) holds no usable plugin"
          + (wanted.isEmpty ? "" : "; '\(recipe ?? "")' needs \(wanted)")
          + "; looked in:\n\(registry.discovery.account(onlyProblems: true))",
        hint: "name the folder that holds the plugins, or leave --plugin-dir out")
    }
  }

  /// A run goes on as it began: what decides on its results is refused.
  private func checkResume() throws {
    var refused = options.run.given.filter { $0.option.resuming != .given }.map { "--\($0.name)" }
    refused += options.components.map { "--\($0.kind.rawValue)" }
    refused += options.settings.map { "--set \($0)" } + flags.given.keys.sorted().map { "--\($0)" }
    if options.config != nil { refused.append("--config") }
    if options.overwrite { refused.append("--overwrite") }
    guard refused.isEmpty else {
      throw PluginError.invalid(
        "\(refused.joined(separator: ", ")) cannot be combined with --resume: the options are those of the run",
        hint: "with --resume only \(TrainOptions.resumable), and --cpu, may be given")
    }
  }
}

/// What completions offer; they are asked for by the shell, so nothing is printed and nothing fails.
enum CompletionWords {
  static func recipes() -> [String] {
    guard let search = try? SearchPath(options: []) else { return [] }
    return Registry(Discovery(search)).recipes.map(\.name)
  }
}
