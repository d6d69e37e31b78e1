import SentryPluginAPI

extension Probe {
  /// Turns this process into the supervisor of a probe: what `sentry __probe FILE MILLISECONDS [devices]` does.
  /// - Returns: where these are no arguments of a probe.
  package static func supervise(_ arguments: [String]) {
    guard (3...4).contains(arguments.count), arguments[0] == argument, let milliseconds = Int(arguments[2]) else {
      return
    }
    let (file, asksDevices) = (arguments[1], arguments.last == devices)
    let timeout = Duration.milliseconds(milliseconds)
    Supervisor(timeout: timeout).run {
      ProbeChild.run(file, $0, asksDevices: asksDevices)
    } answer: { ending -> ProbeResult in
      switch ending {
      case .unstarted(let reason): return .unprobed(reason)
      // It was published before the devices were asked for.
      case .outOfTime(let published):
        return (asksDevices ? published.flatMap { try? result(of: $0) } : nil) ?? .outOfTime(timeout)
      case .ended(let end, let published):
        guard end.exitStatus == 0, end.signal == nil, let published else {
          if asksDevices, let before = published.flatMap({ try? result(of: $0) }) { return before }
          return .quarantined(
            end.signal != nil ? "it crashed while loading (\(end))" : "it ended the process while loading (\(end))")
        }
        do {
          return try result(of: published)
        } catch {
          return .quarantined("its report cannot be read: \(error)")
        }
      }
    }
  }

  private static func result(of text: String) throws -> ProbeResult { try JSON.decode(from: text, what: "the report") }
}
