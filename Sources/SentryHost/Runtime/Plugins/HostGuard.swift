import CSentryProcess
import Logging
import SentryPluginAPI
import Synchronization

/// Says in whose hands the process was when it ended without the host's doing: a plugin may crash or call `exit` here though
/// it did neither in the probe, and `train` must not end with 0 for that.
package enum HostGuard {
  /// Once, at the start of the program `sentry`; programs that use the library are left as they are.
  package static func install() {
    CallObserver.current = CallObserver(enter: sentry_call_enter, leave: sentry_call_leave)
    sentry_guard_install()
  }

  /// The plugins of this process whose crashes are recorded, by their keys.
  private static let recorded = Mutex<Set<String>>([])
  /// Opens the record, once, where a handler of signals finds it, and says what is wrong with it.
  private static let record: Void = {
    let (file, problem) = CrashRecord().opened()
    if let problem { Logger.host.warning("\(problem)") }
    if let file { sentry_guard_record(file) }
  }()

  /// Runs what maps the files of a plugin, which then is one that may be at fault.
  static func loading<Value>(_ files: PluginFiles, _ body: () throws -> Value) rethrows -> Value {
    let file = TerminalText.line(files.plugin.path)
    if let key = files.key, sentry_guard_is_installed() != 0 {
      _ = record
      recorded.withLock { _ = $0.insert(key) }
    }
    sentry_guard_loads(file, files.key)
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

  /// Keeps standard output for the host: what plugins and their libraries print, in whatever language, goes to standard error. Once, at
  /// the start of the program, before anything is loaded.
  package static func keepOutput() { _ = sentry_keep_output() }

  /// The descriptor of standard output.
  package static var output: Int32 { sentry_output() }

  /// Standard output is at its usual number again, for the program that is executed next.
  package static func giveOutputBack() { _ = sentry_give_output_back() }

  /// The host is about to end the process itself.
  package static func release(_ status: Int32) {
    let keys = recorded.withLock { $0 }
    // A command that failed shows neither that a plugin is well nor that it is not.
    if status == 0, !keys.isEmpty { CrashRecord().endedWell(keys) }
    sentry_guard_release(status)
  }
}

extension Callee {
  /// A component, with the file that it comes from.
  init(_ kind: ComponentKind, _ name: String, of file: String) {
    self.init("\(kind.rawValue) '\(name)'", of: TerminalText.line(file))
  }
}
