import Logging
import SentryRuntime

/// One line for each message, on standard error: `warning: component: message`.
struct TerminalLog: LogHandler {
  let label: String
  var logLevel: Logger.Level
  var metadata: Logger.Metadata = [:]

  static func bootstrap(verbose: Bool) {
    LoggingSystem.bootstrap { TerminalLog(label: $0, logLevel: verbose ? .debug : .info) }
  }

  subscript(metadataKey key: String) -> Logger.Metadata.Value? {
    get { metadata[key] }
    set { metadata[key] = newValue }
  }

  func log(event: LogEvent) {
    // What all ranks would say, the leader says.
    let world = HostState.shared.world
    guard world.isLeader || event.level >= .error || label == Logger.ranksLabel else { return }
    let level = event.level == .info ? "" : "\(event.level): "
    let name = label == Logger.hostLabel ? "" : "\(label): "
    Console.error(level + name + "\(event.message)\n")
  }
}
