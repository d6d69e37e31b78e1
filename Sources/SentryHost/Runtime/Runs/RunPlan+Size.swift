import SentryPluginAPI

extension Recipe {
  /// What the size of inputs sets; empty where the recipe has none that can change.
  /// - Throws: ``PluginError`` where it would change more than how samples are prepared and what the model takes.
  package func sizeOptions() throws -> [(scope: OptionScope, name: String)] {
    guard let sizeFlag, let flag = flags.first(where: { $0.name == sizeFlag }) else { return [] }
    return try flag.sets.map { address in
      let (scope, name) = try OptionAssignment.address(address, source: .recipe(self.name))
      guard [.augmenter, .model].contains(scope) else {
        throw PluginError(
          "recipe '\(self.name)': --\(sizeFlag) sets \(address), which cannot change during a run",
          hint: "its size_flag may set options of the augmenter and the model")
      }
      return (scope, name)
    }
  }
}

extension RunPlan {
  /// The plan as it would be with inputs of another size.
  package func sized(_ size: Int) throws -> RunPlan {
    var plan = self
    for (scope, name) in try recipe.sizeOptions() {
      if scope == .augmenter { plan.augmenter?.replace(name, by: .integer(size)) }
      if scope == .model { plan.model.replace(name, by: .integer(size)) }
    }
    return plan
  }
}

extension RunPlan.Choice {
  /// Sets an option that the component has.
  fileprivate mutating func replace(_ name: String, by value: JSONValue) {
    guard var members = options.objectValue, members[name] != nil else { return }
    members[name] = value
    options = .object(members)
  }
}
