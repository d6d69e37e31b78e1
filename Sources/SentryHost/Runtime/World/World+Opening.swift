import Glibc
import Logging
import SentryPluginAPI

extension World {
  /// The option of a communicator whose default lists the variables of its launchers, see sentry/communicator.h.
  private static let launchers = "launchers"

  /// Joins the processes that a launcher started together with this one; a process that no launcher started stays alone.
  ///
  /// - Parameters:
  ///   - name: the communicator that was asked for; nil: the one whose launcher started this process, if any.
  ///   - environment: the value of an environment variable.
  /// - Throws: ``PluginError`` where it is missing or sees another number of processes than the launcher started.
  package static func join(
    _ registry: Registry, named name: String?,
    environment: (String) -> String? = { getenv($0).map { String(cString: $0) } }
  ) throws -> World {
    if name == "none" { return .alone }
    let entry =
      try name.map { try registry.entry(.communicator, $0) }
      ?? registry.entries(.communicator).first { try launch(for: $0, environment) != nil }
    guard let entry else { return .alone }
    let choice = try registry.choice(entry, options: defaults(of: entry))
    let communicator: ImportedCommunicator = try registry.make(choice)
    let about = communicator.specification
    if let launched = try launch(for: entry, environment), launched.count != about.size {
      throw PluginError.invalid(
        "\(launched.variable) says that the launcher started \(launched.count) processes, but \(about.engine) sees \(about.size)",
        hint: "start them with the mpirun of that library (srun: --mpi=pmix), or train alone with --communicator none")
    }
    guard about.size > 1 else {
      communicator.end()
      return .alone
    }
    return World(communicator, patience: environment("SENTRY_PATIENCE_SECONDS").flatMap(Double.init) ?? 60)
  }

  /// The variable by which a launcher of a communicator told this process how many it started; nil if none did.
  package static func launch(
    for entry: Registry.Entry,
    _ environment: (String) -> String? = { getenv($0).map { String(cString: $0) } }
  ) throws -> (variable: String, count: Int)? {
    let variables = try entry.schema().properties[launchers]?.fallback?.stringValue ?? ""
    for variable in variables.split(separator: " ").map(String.init) {
      if let count = environment(variable).flatMap({ Int($0) }), count > 1 { return (variable, count) }
    }
    return nil
  }

  private static func defaults(of entry: Registry.Entry) throws -> [String: JSONValue] {
    try entry.schema().properties.compactMapValues(\.fallback)
  }
}
