import SentryPluginAPI
import SentryRuntime

/// Which runs stand for the same model: those that differ in nothing but their seed.
package struct RunGroups {
  package struct Group {
    package var name: String
    package var runs: [RunSummary]
  }
  /// In the order in which they were named; the first is what the others are held against.
  package let groups: [Group]
  package let remarks: [String]

  /// - Throws: ``PluginError`` for runs that cannot be compared, with every reason.
  package init(_ runs: [RunSummary], schema: (_ kind: String, _ name: String) -> OptionSchema?) throws {
    guard runs.count > 1 else {
      throw PluginError.invalid(
        runs.isEmpty ? "there is no run to compare" : "there is only one run: \(runs[0].directory)",
        hint: "name two or more, or a folder that holds them")
    }
    try Self.refuse(Self.unfinished(runs))
    var found: [(key: String, runs: [RunSummary])] = []
    for run in runs {
      let key = try Self.key(of: run)
      if let index = found.firstIndex(where: { $0.key == key }) {
        found[index].runs.append(run)
      } else {
        found.append((key, [run]))
      }
    }
    // Two runs of one seed are not two seeds: each then stands for itself.
    let sets = found.flatMap { group in
      Set(group.runs.map(\.plan.run.seed)).count == group.runs.count ? [group.runs] : group.runs.map { [$0] }
    }.map { $0.sorted { $0.plan.run.seed < $1.plan.run.seed } }
    guard sets.count > 1 else {
      throw PluginError.invalid(
        "the runs differ in nothing but their seeds: there is only one model, \(runs[0].plan.model.name)",
        hint: "name runs of two or more models or settings")
    }
    let comparisons = try Self.bySeed(sets).map { RunComparison($0, schema: schema) }
    try Self.refuse(comparisons.flatMap(\.obstacles) + RunComparison(runs, schema: schema).dataObstacles)
    let names = sets.map { $0[0].plan.model.name }
    let labels = RunComparison.labels(sets.map { $0[0].directory })
    groups = zip(sets.indices, sets).map { index, runs in
      Group(
        name: TerminalText.line(names.count { $0 == names[index] } == 1 ? names[index] : labels[index]), runs: runs)
    }
    var remarks: [String] = []
    for remark in comparisons.flatMap(\.remarks) where !remarks.contains(remark) { remarks.append(remark) }
    self.remarks = remarks
  }

  /// What decides on the results of a run, but for its seed.
  private static func key(of run: RunSummary) throws -> String {
    var options = run.plan.run
    options.seed = 0
    if run.record.memory?.automatic == true { options.microBatch = nil }
    let components = try run.plan.components.map { component -> String in
      var options = component.choice.options.objectValue ?? [:]
      options["seed"] = nil
      return "\(component.kind) \(component.choice.name) \(try JSON.text(JSONValue.object(options)))"
    }
    return try (components + [JSON.text(options.deciding)]).joined(separator: "\n")
  }

  /// For each seed, a run of every model.
  private static func bySeed(_ sets: [[RunSummary]]) throws -> [[RunSummary]] {
    let seeds = sets.map { $0.map(\.plan.run.seed) }
    guard sets.allSatisfy({ $0.count == 1 }) || Set(seeds).count == 1 else {
      let texts = zip(sets, seeds).map { "\($0[0].plan.model.name) \($1.map(String.init).joined(separator: ", "))" }
      throw refusal(["the models were trained with different seeds: \(texts.joined(separator: "; "))"])
    }
    return sets[0].indices.map { index in sets.map { $0[index] } }
  }

  private static func unfinished(_ runs: [RunSummary]) -> [String] {
    runs.filter { $0.state != .finished && $0.state != .stoppedEarly }.map {
      "\($0.directory) is not finished: \($0.progress)"
    }
  }

  private static func refuse(_ obstacles: [String]) throws {
    var found: [String] = []
    for obstacle in obstacles where !found.contains(obstacle) { found.append(obstacle) }
    if !found.isEmpty { throw refusal(found) }
  }

  static func refusal(_ obstacles: [String]) -> PluginError {
    .invalid(
      "these runs cannot be compared:\n" + obstacles.map { "  \($0)" }.joined(separator: "\n"),
      hint: "compare finished runs that were trained and are evaluated on the same samples")
  }
}
