import SentryPluginAPI

/// What ``RunOptions/table`` makes of the options of a run: their schema, their form in run.json, and their checks.
extension RunOptions {
  /// The scope `run`, as a component declares its options.
  package static func schema() throws -> OptionSchema {
    try OptionSchema(
      table.map { option in
        var property = option.property
        // What it is called follows from the recipe.
        if property.name == "output" { property.fallback = nil }
        return property
      }, what: "the options of a run")
  }

  /// Options by name; those that are missing have their defaults. Former names are read.
  /// - Throws: ``PluginError`` for a value of another type than the option's, and where there is no output.
  package init(_ values: [String: JSONValue]) throws {
    let today = try Self.schema().current(values) { _ in }
    guard today["output"] != nil else {
      throw PluginError.invalid("the options of the run name no output folder", hint: "set run.output")
    }
    self.init(output: "")
    for option in Self.table {
      if let value = today[option.name] { try option.set(value, in: &self) }
    }
  }

  /// What is set, by name.
  package var values: [String: JSONValue] {
    Dictionary(
      uniqueKeysWithValues: Self.table.compactMap { option in option.value(in: self).map { (option.name, $0) } })
  }

  /// Throws ``PluginError`` for values that no run can have.
  package func check() throws {
    for option in Self.table {
      guard let value = option.value(in: self), let problem = option.property.problem(with: value) else { continue }
      throw PluginError.invalid("run.\(option.name) \(problem)", hint: option.property.help)
    }
    if let sizeSchedule, sizeSchedule.epochs != epochs {
      throw PluginError.invalid(
        "run.size-schedule is \(sizeSchedule), which has \(sizeSchedule.epochs) epochs, but run.epochs is \(epochs)",
        hint: "leave run.epochs out: the schedule sets it")
    }
    if let sizeSchedule, minSteps > 0 {
      throw PluginError.invalid(
        "run.min-steps is \(minSteps), but run.size-schedule sets the number of epochs: \(sizeSchedule)",
        hint: "leave one of them out")
    }
    for (option, name) in [("best-file", bestFile), ("final-file", finalFile)] {
      guard bestFile != finalFile, !RunDirectory.isPeriodic(name) else {
        throw PluginError.invalid(
          "run.\(option) is \"\(name)\"",
          hint: "give a plain file name that ends in .pth, one for the best and another for the last model")
      }
    }
  }

  /// What is set of the options that decide on the results, by name.
  package var deciding: [String: JSONValue] {
    let fixed = Set(Self.table.filter { $0.resuming == .fixed }.map(\.name))
    return values.filter { fixed.contains($0.key) }
  }

  /// The options that decide on the results and are not as in `other`.
  package func differences(from other: RunOptions) -> [String] {
    let (own, others) = (deciding, other.deciding)
    return Set(own.keys).union(others.keys).filter { own[$0] != others[$0] }.sorted()
  }
}

extension RunOptions: Codable {
  package init(from decoder: any Decoder) throws { try self.init([String: JSONValue](from: decoder)) }
  package func encode(to encoder: any Encoder) throws { try values.encode(to: encoder) }
}
