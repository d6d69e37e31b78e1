import SentryPluginAPI
import SentryRuntime

/// From the plan of an earlier run to its components, made as they were.
package struct RunResumption {
  private let registry: Registry
  private let recipe: String?
  private let overrides: [OptionAssignment]

  /// - Parameters:
  ///   - recipe: the one that was named beside `--resume`, if any.
  ///   - overrides: the options that were given anew.
  package init(registry: Registry, recipe: String?, overrides: [OptionAssignment]) {
    (self.registry, self.recipe, self.overrides) = (registry, recipe, overrides)
  }

  package func make(_ recorded: RunPlan, prepare: (RunOptions) throws -> Void) throws -> (RunPlan, RunComponents) {
    if let recipe, recipe != recorded.recipe.name {
      throw PluginError.invalid(
        "\(recorded.run.output) is a run of the recipe '\(recorded.recipe.name)', not of '\(recipe)'",
        hint: "leave the recipe out")
    }
    var plan = recorded
    plan.run = try runOptions(recorded.run)
    plan.dataset = try current(.dataset, plan.dataset)
    plan.augmenter = try plan.augmenter.map { try current(.augmenter, $0) }
    (plan.model, plan.trainer) = (try current(.model, plan.model), try current(.trainer, plan.trainer))
    try checkOptions(plan)
    registry.device = plan.run.device
    try prepare(plan.run)
    return (plan, try registry.makeComponents(plan, dataset: try registry.make(plan.dataset)))
  }

  private func runOptions(_ recorded: RunOptions) throws -> RunOptions {
    let resolver = OptionResolver(holders: [.run: OptionHolder(title: "the run", schema: try RunOptions.schema())])
    let before = recorded.values.map { name, value in
      OptionAssignment(
        scope: .run, name: name, value: .value(value), source: .file("run.json", line: nil), folder: Paths.working)
    }
    return try RunOptions(try resolver.resolve(.run, before + overrides))
  }

  /// The plugins may have changed: their options must still be what the run has.
  private func checkOptions(_ plan: RunPlan) throws {
    for (kind, choice) in plan.choices {
      let entry = try registry.entry(kind, choice.name)
      let schema = try entry.schema()
      for (name, value) in choice.options.objectValue ?? [:] {
        guard let property = schema.properties[name] else {
          throw PluginError.invalid(
            "run.json: \(entry.title) no longer has the option '\(name)'",
            hint: "resume with the plugin that the run began with (\(choice.plugin) \(choice.version))")
        }
        if !property.isHostFilled, let problem = property.problem(with: value) {
          throw PluginError.invalid("run.json: \(kind.rawValue).\(name) \(problem)")
        }
      }
    }
  }

  /// The choice with the version and hash that the plugin has now, which the session compares with those of the run, and with
  /// its options in the words of today.
  private func current(_ kind: ComponentKind, _ choice: RunPlan.Choice) throws -> RunPlan.Choice {
    let entry = try registry.entry(kind, choice.name)
    let options = try entry.schema().current(
      choice.options.objectValue ?? [:], OptionScope(kind), in: RunDirectory.record)
    var current = try registry.choice(entry, options: options)
    current.recordedOptions = choice.options
    return current
  }
}
