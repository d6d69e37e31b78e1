import Glibc
import Logging
import SentryPluginAPI
import SentryRuntime

/// From a request to a plan and its components: which components, which options, made in the order in which they need each
/// other.
package struct RunPlanner {
  let registry: Registry
  private let request: RunRequest
  private let entries: ByKind<Registry.Entry>
  /// Why the run does not train the recipe's own model; nil if it does, or another one was named.
  package let modelReason: String?
  private let resolver: OptionResolver
  private let assignments: [OptionAssignment]
  private let log = Logger.host

  /// The folder of a run where nobody names one.
  package static func output(of recipe: Recipe) -> String { "models/\(recipe.name)_trained" }

  package init(registry: Registry, request: RunRequest) throws {
    (self.registry, self.request) = (registry, request)
    try request.checkFlagNames(registry.recipes)
    let early = try Self.earlyRun(request)
    let choice = try ModelChoice(request, registry, device: early.device)
    modelReason = choice.reason
    entries = try Self.entries(registry, request, model: choice.name, data: early.data)
    var holders = [OptionScope.run: OptionHolder(title: "the run", schema: try RunOptions.schema())]
    for (kind, entry) in entries {
      holders[OptionScope(kind)] = OptionHolder(
        title: entry.title, schema: try entry.schema(),
        isRecipes: request.recipe.components[kind] == entry.declaration.name)
    }
    resolver = OptionResolver(holders: holders)
    assignments = try Self.withSizes(
      try request.assignments(resolver, note: OptionRenaming.log), resolver, request.recipe)
    try resolver.checkScopes(assignments)
    try checkAugmentation()
  }

  /// The strength of what is not there would change nothing; its default may stand, and so may none.
  private func checkAugmentation() throws {
    guard entries[.augmenter] == nil,
      let assignment = assignments.last(where: { $0.scope == .run && $0.name == RunOptions.augmentationOption })
    else { return }
    if case .recipe = assignment.source { return }
    let value = try resolver.resolve(.run, assignments)[assignment.name]?.stringValue
    let harmless = [RunOptions.Augmentation.none, .standard].map(\.rawValue)
    guard let value, !harmless.contains(value) else { return }
    throw PluginError.invalid(
      "\(assignment.source): run.augmentation has no effect, because the run has no augmenter",
      hint: request.recipe.augmenter.map { "leave --augmenter none out, whose place '\($0)' has in the recipe" }
        ?? "leave it out, or name an augmenter that fits the data with --augmenter")
  }

  /// - Parameter prepare: called with the run's options before the first component is made.
  package func make(prepare: (RunOptions) throws -> Void) throws -> (RunPlan, RunComponents) {
    var runValues = try resolver.resolve(.run, assignments)
    runValues["output"] = runValues["output"] ?? .string(Self.output(of: request.recipe))
    let run = try RunOptions(runValues)
    registry.device = run.device
    let datasetChoice = try choice(.dataset, run: run, datasetPath: try datasetPath(run))
    var chosen: ByKind<[String: JSONValue]> = [:]
    for kind in [ComponentKind.augmenter, .model, .trainer] { chosen[kind] = try values(kind, run: run) }

    try prepare(run)
    try checkData(run, datasetChoice)
    var derived = try DerivedOptions(try registry.make(datasetChoice), run: run)
    func complete(_ kind: ComponentKind) throws -> RunPlan.Choice? {
      guard let entry = entries[kind], let values = chosen[kind] else { return nil }
      return try registry.choice(entry, options: try derived.complete(values, of: entry))
    }
    // In this order, because each may need to know what comes before it.
    let augmenter = try complete(.augmenter)
    derived.augmenter = try augmenter.map { try registry.make($0) }
    guard let model = try complete(.model), let trainer = try complete(.trainer) else {
      throw PluginError("a run needs a model and a trainer")
    }
    let plan = RunPlan(
      recipe: request.recipe, command: request.command, run: run, dataset: datasetChoice, augmenter: augmenter,
      model: model, trainer: trainer)
    let components = RunComponents(
      dataset: derived.dataset, augmenter: derived.augmenter, model: try registry.make(model),
      trainer: try registry.make(trainer))
    try checkSizes(plan, components)
    return (plan, components)
  }

  private func choice(_ kind: ComponentKind, run: RunOptions, datasetPath: String?) throws -> RunPlan.Choice {
    guard let entry = entries[kind], var values = try values(kind, run: run) else {
      throw PluginError("a run needs a \(kind.rawValue)")
    }
    if let datasetPath { values[OptionSchema.pathOption] = .string(datasetPath) }
    return try registry.choice(entry, options: values)
  }

  /// The options of a component but for what follows from the data; nil where the run has no such component.
  private func values(_ kind: ComponentKind, run: RunOptions) throws -> [String: JSONValue]? {
    let scope = OptionScope(kind)
    guard let holder = resolver.holders[scope] else { return nil }
    var values = try resolver.resolve(scope, assignments)
    if holder.schema.properties["seed"]?.isHostFilled == true { values["seed"] = .integer(Int(clamping: run.seed)) }
    return values
  }
}

extension RunPlanner {
  /// Which components the run is made of; all that are missing are told at once.
  private static func entries(_ registry: Registry, _ request: RunRequest, model: String, data: String?) throws
    -> ByKind<Registry.Entry>
  {
    var entries: ByKind<Registry.Entry> = [:]
    var missing: [(kind: ComponentKind, name: String)] = []
    for (kind, said) in request.components {
      var name = said
      if kind == .augmenter, name == "none" { continue }
      if kind == .model { name = model }
      if kind == .dataset, name == Registry.autoDataset {
        guard let data else {
          throw PluginError.invalid("--dataset auto needs --data", hint: "give the file or folder to recognise")
        }
        name = try registry.recognise(data)
        Logger.host.info("--dataset auto: \(data) is read as \(name)")
      } else if kind == .dataset, !request.namesDataset, let data, let best = try registry.best(for: data, over: name),
        try request.fits(best.entry)
      {
        // The recipe's own dataset is a guess, and must not override what the files say.
        let (found, scores) = (
          best.entry.declaration.name, "\(best.score), the recipe's own dataset \(name) \(best.own)"
        )
        Logger.host.info(
          "\(data) is read as \(found), as nobody named a dataset (score \(scores))")
        name = found
      }
      if let entry = registry.find(kind, name) { entries[kind] = entry } else { missing.append((kind, name)) }
    }
    guard let first = missing.first else { return entries }
    if let error = missing.lazy.compactMap({ registry.leftOut($0.kind, $0.name) }).first { throw error }
    throw registry.missing(
      missing.map { "\($0.kind.rawValue) '\($0.name)'" }, near: missing.count == 1 ? first.name : nil,
      among: registry.entries(first.kind).map(\.declaration.name))
  }

  /// What has to be known of the run before the components are: recognising the dataset and choosing the model need it.
  private static func earlyRun(_ request: RunRequest) throws -> (data: String?, device: Device) {
    let resolver = OptionResolver(
      holders: [.run: OptionHolder(title: "the run", schema: try RunOptions.schema())])
    let values = try resolver.resolve(.run, try request.assignments(resolver, onlyRun: true))
    return (
      values["data"]?.stringValue, try values[Device.option]?.stringValue.map { try Device($0) } ?? .auto
    )
  }

  /// What `--data` means to the dataset; nil where it needs none.
  private func datasetPath(_ run: RunOptions) throws -> String? {
    guard let entry = entries[.dataset], let holder = resolver.holders[.dataset] else { return nil }
    let property = holder.schema.properties[OptionSchema.pathOption]
    let takesPath = property?.isPath == true
    guard let data = run.data else {
      let set = try resolver.resolve(.dataset, assignments)[OptionSchema.pathOption]
      guard takesPath, set == nil else { return nil }
      throw PluginError.invalid(
        "--data is missing: \(entry.title) reads a file or folder",
        hint: "give --data PATH\(property.map { $0.help.isEmpty ? "" : " (\($0.help))" } ?? "")")
    }
    guard takesPath else {
      throw PluginError.invalid("\(entry.title) reads no files", hint: "leave --data out, or choose another --dataset")
    }
    guard access(data, F_OK) == 0 else {
      throw PluginError.invalid(
        "--data \(data): \(Paths.lastError)", hint: "give the file or folder that the dataset reads")
    }
    return data
  }

  /// Warns when a path looks like another dataset's; refuses where this one sees nothing of its own in it, or was not named.
  private func checkData(_ run: RunOptions, _ choice: RunPlan.Choice) throws {
    guard let data = run.data, let entry = entries[.dataset], entry.declaration.scoresPaths,
      let better = try registry.betterDataset(for: data, than: entry, below: 101)
    else { return }
    guard better.own > 0, request.namesDataset else {
      throw PluginError.invalid("\(data) does not look like data for \(entry.title)", hint: better.hint)
    }
    let isPlain = better.own >= Registry.plainScore
    log.warning(
      isPlain
        ? "\(entry.title) scores \(better.own) on it; \(better.hint)"
        : "\(data) hardly looks like data for \(entry.title); \(better.hint)")
  }

  /// What a recipe is made of, for a message; empty where the recipe itself was not found.
  package static func parts(of recipe: String, in registry: Registry) -> [String] {
    guard let recipe = registry.recipes.first(where: { $0.name == recipe }) else { return [] }
    return recipe.components.map { "\($0.kind.rawValue) '\($0.value)'" }
  }
}
