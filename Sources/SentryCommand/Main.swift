import CSentryProcess
import SentryCLI

@main enum Main {
  static func main() { Program.run() }
}

/// In place of glibc's, for the plugins too: one that ends the process does not end it with success.
@_cdecl("_exit") public func endProcess(_ status: Int32) { sentry_guard_exit(status) }
@_cdecl("_Exit") public func endProcessInC99(_ status: Int32) { sentry_guard_exit(status) }
