import Logging
import SentryPluginAPI
import SentryRuntime

/// What is asked of each training of a comparison. What is set of the models goes to those that have the option.
struct ComparisonRequests {
  private let request: RunRequest
  private let models: [String: Registry.Entry]

  /// The options of the run that the comparison itself sets.
  static let own = ["output", "seed"]

  /// - Throws: ``PluginError`` where something is set that is the comparison's, or that no model has.
  init(_ request: RunRequest, models: [Registry.Entry]) throws {
    self.request = request
    self.models = Dictionary(models.map { ($0.declaration.name, $0) }) { first, _ in first }
    let said = try request.configuration + request.settings.map(OptionAssignment.setting)
    for assignment in said {
      if assignment.scope == .run, Self.own.contains(assignment.name) {
        throw PluginError.invalid(
          "\(assignment.source): run.\(assignment.name) differs in every run of a comparison",
          hint: "give --\(assignment.name) on the command line: the runs' are made from it")
      }
      guard try assignment.scope != .model || models.contains(where: { try Self.has(assignment.name, $0) }) else {
        throw PluginError.invalid(
          "\(assignment.source): none of the models has the option '\(assignment.name)'",
          hint: "sentry plugins inspect NAME shows the options")
      }
    }
  }

  func request(model: String, seed: UInt64, output: String) throws -> RunRequest {
    guard let entry = models[model] else { throw PluginError("the comparison has no model '\(model)'") }
    var request = request
    request.named[.model] = model
    request.flags.removeAll { Self.own.contains($0.option.name) }
    for (name, value) in [("output", JSONValue.string(output)), ("seed", .integer(Int(clamping: seed)))] {
      guard let option = RunOptions.table.first(where: { $0.name == name }) else { continue }
      request.flags.append(.init(option, name: name, value: .value(value)))
    }
    request.configuration = try request.configuration.filter { try Self.takes($0, entry) }
    request.settings = try request.settings.filter { try Self.takes(.setting($0), entry) }
    for flag in request.recipe.flags where request.recipeFlags[flag.name] != nil {
      let targets = try flag.sets.map { try OptionAssignment.address($0, source: .commandLine("--\(flag.name)")) }
      guard try targets.allSatisfy({ try $0.0 == .model && !Self.has($0.1, entry) }) else { continue }
      request.recipeFlags[flag.name] = nil
      Logger.host.info("\(entry.title) does not take --\(flag.name), which is left out for it")
    }
    return request
  }

  /// What may be otherwise in a run that goes on, as it was given.
  var resuming: [OptionAssignment] { request.flags.filter { $0.option.resuming == .given }.map(\.assignment) }

  private static func takes(_ assignment: OptionAssignment, _ entry: Registry.Entry) throws -> Bool {
    try assignment.scope != .model || has(assignment.name, entry)
  }

  private static func has(_ option: String, _ entry: Registry.Entry) throws -> Bool {
    try entry.schema().property(called: option) != nil
  }
}
