import CSentryProcess

/// Says in whose hands the process was when it ended without the host's doing: a plugin may crash or call `exit` here though
/// it did neither in the probe, and `train` must not end with 0 for that.
package enum HostGuard {
  /// Once, at the start of the program `sentry`; programs that use the library are left as they are.
  package static func install() { sentry_guard_install() }

  /// Runs what a plugin may crash in. Main thread.
  /// - Parameter what: `loading FILE`, as it would be told.
  static func during<Value>(_ what: String, _ body: () throws -> Value) rethrows -> Value {
    sentry_guard_enter(what)
    defer { sentry_guard_leave() }
    return try body()
  }

  /// The host is about to end the process itself.
  package static func release(_ status: Int32) { sentry_guard_release(status) }
}
