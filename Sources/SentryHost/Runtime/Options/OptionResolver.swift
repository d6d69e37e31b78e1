import SentryPluginAPI

/// The options of one scope: whose they are, and what they may be.
package struct OptionHolder: Sendable {
  /// `model 'name'`, or `the run`.
  package var title: String
  package var schema: OptionSchema
  /// Whether it is the component that the recipe was written for; another one need not know the recipe's defaults.
  package var isRecipes = true

  package init(title: String, schema: OptionSchema, isRecipes: Bool = true) {
    (self.title, self.schema, self.isRecipes) = (title, schema, isRecipes)
  }
}

/// Brings defaults and assignments together, later ones over earlier ones, and checks the outcome.
package struct OptionResolver: Sendable {
  package var holders: [OptionScope: OptionHolder]

  package init(holders: [OptionScope: OptionHolder]) {
    self.holders = holders
  }

  /// The complete options of a scope, but for what the host fills in. Options without a default that nobody set are left out.
  package func resolve(_ scope: OptionScope, _ assignments: [OptionAssignment]) throws -> [String: JSONValue] {
    guard let holder = holders[scope] else { return [:] }
    var values = holder.schema.defaults
    let own = current(assignments, note: { _ in }).filter { $0.scope == scope }
    for assignment in own {
      guard let property = try property(for: assignment, in: holder) else { continue }
      values[property.name] = try value(of: assignment, property)
    }
    for name in holder.schema.required.sorted() where values[name] == nil {
      guard holder.schema.properties[name]?.isHostFilled != true else { continue }
      throw PluginError.invalid(
        "\(holder.title): the option '\(name)' is required", hint: "--set \(scope.rawValue).\(name)=…")
    }
    try checkUse(own, of: holder, values)
    return values
  }

  /// What assignments set of a scope, checked; without defaults.
  package func values(of assignments: [OptionAssignment], _ scope: OptionScope) throws -> [String: JSONValue] {
    guard let holder = holders[scope] else { return [:] }
    var values: [String: JSONValue] = [:]
    for assignment in current(assignments, note: { _ in }) where assignment.scope == scope {
      guard let property = try property(for: assignment, in: holder) else { continue }
      values[property.name] = try value(of: assignment, property)
    }
    return values
  }

  /// Rejects what is addressed to a component that the run does not have.
  package func checkScopes(_ assignments: [OptionAssignment]) throws {
    for assignment in assignments where holders[assignment.scope] == nil {
      if case .recipe = assignment.source { continue }
      throw PluginError.invalid(
        "\(assignment.source) sets \(assignment.scope.rawValue).\(assignment.name), but the run has no \(assignment.scope.rawValue)"
      )
    }
  }

  /// Whether a scope has an option that may be set.
  package func has(_ scope: OptionScope, _ name: String) -> Bool {
    holders[scope]?.schema.property(called: name).map { !$0.isHostFilled } ?? false
  }

  private func property(for assignment: OptionAssignment, in holder: OptionHolder) throws -> OptionProperty? {
    if let property = holder.schema.properties[assignment.name] {
      guard !property.isHostFilled else {
        throw PluginError.invalid(
          "\(assignment.source): '\(assignment.name)' of \(holder.title) is filled in by the host and cannot be set",
          hint: property.isDevice ? "give --device" : nil)
      }
      return property
    }
    if case .recipe = assignment.source, !holder.isRecipes { return nil }
    throw PluginError.invalid(
      "\(assignment.source): \(holder.title) has no option '\(assignment.name)'",
      hint: Suggestion.hint(for: assignment.name, among: holder.schema.settable.map(\.name))
        ?? "\(holder.title) has no options")
  }

  private func value(of assignment: OptionAssignment, _ property: OptionProperty) throws -> JSONValue {
    var value =
      switch assignment.value {
      case .value(let value): value
      case .text(let text): property.value(of: text)
      }
    if let problem = property.problem(with: value) {
      // `--epochs: is 0` reads well; elsewhere the option has to be named.
      let name = "\(assignment.scope.rawValue).\(assignment.name)"
      throw PluginError.invalid(
        "\(assignment.source): \(name) \(problem)", hint: property.help.isEmpty ? nil : property.fullHelp)
    }
    if property.isPath || property.requiredFile != nil, let path = value.stringValue, !path.isEmpty {
      value = .string(Paths.absolute(path, from: assignment.folder))
    }
    if case .number(let number) = value, property.types == [.integer] { value = .integer(Int(number)) }
    return value
  }
}
