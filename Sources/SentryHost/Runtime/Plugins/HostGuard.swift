import CSentryProcess
import SentryPluginAPI

/// Says in whose hands the process was when it ended without the host's doing: a plugin may crash or call `exit` here though
/// it did neither in the probe, and `train` must not end with 0 for that.
package enum HostGuard {
  /// Once, at the start of the program `sentry`; programs that use the library are left as they are.
  package static func install() {
    CallObserver.current = CallObserver(enter: sentry_call_enter, leave: sentry_call_leave)
    sentry_guard_install()
  }

  /// Runs what maps the file of a plugin, which then is one that may be at fault.
  static func loading<Value>(_ file: String, _ body: () throws -> Value) rethrows -> Value {
    let file = TerminalText.line(file)
    sentry_guard_loads(file)
    return try Callee("loading \(file)").alone(body)
  }

  /// The file was mapped: what crashes in its code is its.
  static func loaded(_ file: String, as handle: UnsafeMutableRawPointer) {
    sentry_guard_loaded(TerminalText.line(file), handle)
  }

  /// What the user can do should the process end by a plugin's fault: `go on with …`; nil: nothing.
  package static func advise(_ text: String?) { sentry_guard_advise(text.map(TerminalText.line)) }

  /// Opens standard descriptors again that a plugin closed: the next file would be written to as standard output.
  /// - Returns: whether there were any. Main thread.
  package static func restoreDescriptors() -> Bool { sentry_open_standard_descriptors() > 0 }

  /// The host is about to end the process itself.
  package static func release(_ status: Int32) { sentry_guard_release(status) }
}

extension Callee {
  /// A component, with the file that it comes from.
  init(_ kind: ComponentKind, _ name: String, of file: String) {
    self.init("\(kind.rawValue) '\(name)'", of: TerminalText.line(file))
  }
}
