import SentryPluginAPI
import SentryRuntime

/// A schedule of sizes, on the way from what was said to a plan.
extension RunPlanner {
  private static let option = "size-schedule"

  /// Adds what a schedule sets: the epochs of the run, and the last size, which is that of the model that the run leaves.
  /// - Throws: ``PluginError`` for what was said against it, and for sizes that a component's options do not allow.
  static func withSizes(_ assignments: [OptionAssignment], _ resolver: OptionResolver, _ recipe: Recipe) throws
    -> [OptionAssignment]
  {
    let values = try resolver.resolve(.run, assignments)
    guard let schedule = values[option]?.stringValue.flatMap(SizeSchedule.init),
      let source = assignments.last(where: { $0.scope == .run && $0.name == option })?.source
    else { return assignments }
    let options = try recipe.sizeOptions().filter { resolver.has($0.scope, $0.name) }
    guard !options.isEmpty else {
      throw PluginError.invalid(
        "\(source): the inputs of this run of the recipe '\(recipe.name)' have no size that could change between epochs",
        hint: "leave the schedule out")
    }
    func set(_ size: Int) -> [OptionAssignment] {
      options.map {
        OptionAssignment(
          scope: $0.scope, name: $0.name, value: .value(.integer(size)), source: source, folder: Paths.working)
      }
    }
    let implied =
      [
        OptionAssignment(
          scope: .run, name: "epochs", value: .value(.integer(schedule.epochs)), source: source, folder: Paths.working)
      ] + set(schedule.last.size)
    for one in implied { try checkSaid(assignments, resolver, one, schedule) }
    for size in schedule.sizes {
      for option in options { _ = try resolver.resolve(option.scope, assignments + set(size)) }
    }
    return assignments + implied
  }

  /// What the user says of an option that the schedule sets must be the same.
  private static func checkSaid(
    _ assignments: [OptionAssignment], _ resolver: OptionResolver, _ implied: OptionAssignment, _ schedule: SizeSchedule
  ) throws {
    let said = assignments.last { assignment in
      if case .recipe = assignment.source { return false }
      return assignment.scope == implied.scope && assignment.name == implied.name
    }
    guard let said else { return }
    let (own, other) = (try resolver.values(of: [implied], implied.scope), try resolver.values(of: [said], said.scope))
    guard own != other, let value = own[implied.name], let stated = other[implied.name] else { return }
    throw PluginError.invalid(
      "\(said.source) sets \(said.scope.rawValue).\(said.name) to \(try JSON.text(stated)), but the schedule of sizes \(schedule) "
        + (said.scope == .run
          ? "ends after \(try JSON.text(value)) epochs" : "ends with the size \(try JSON.text(value))"),
      hint: "\(said.source.removal), because the schedule sets it; or give another schedule")
  }

  /// Makes what the run will need for its other sizes: what a component refuses should come to light before hours of training.
  func checkSizes(_ plan: RunPlan, _ components: RunComponents) throws {
    guard let schedule = plan.run.sizeSchedule else { return }
    for size in schedule.sizes where size != schedule.last.size {
      do {
        let sized = try plan.sized(size)
        let others = try registry.remakeComponents(sized, dataset: components.dataset)
        try others.checkFit(sized)
        try components.model.checkSameWeights(others.model)
      } catch let error as PluginError {
        throw PluginError(
          "the size \(size) of the schedule \(schedule): \(error.message)",
          hint: error.hint ?? "choose another size", code: error.code)
      }
    }
  }
}

extension ImportedModel {
  /// - Throws: ``PluginError`` where weights would not fit a model of another size.
  fileprivate func checkSameWeights(_ other: ImportedModel) throws {
    func shapes(_ model: ImportedModel) -> [String: TensorSpecification] {
      Dictionary(model.parameters.map { ($0.name, TensorSpecification($0.value.dtype, $0.value.shape)) }) { $1 }
    }
    let (own, others) = (shapes(self), shapes(other))
    guard let name = Set(own.keys).union(others.keys).sorted().first(where: { own[$0] != others[$0] }) else { return }
    func text(_ tensor: TensorSpecification?) -> String { tensor.map { "\($0)" } ?? "missing" }
    throw PluginError.invalid(
      "the model's '\(name)' depends on the size of inputs: it is \(text(others[name])), and \(text(own[name])) with the last size",
      hint: "leave the schedule out, or choose another --model")
  }
}
