import ArgumentParser
import CSentryPlugin
import Glibc
import SentryPluginAPI

/// How the process ends: 64 for a command that cannot be right (the user can mend it), 130 when the user stopped it, 1 otherwise.
enum Failure {
  static let usage: Int32 = 64
  static let failed: Int32 = 1
  static let cancelled: Int32 = 130

  static func status(of error: PluginError) -> Int32 {
    switch error.code {
    case SENTRY_INVALID: usage
    case SENTRY_CANCELLED: cancelled
    default: failed
    }
  }

  static func exit(with error: any Error) -> Never {
    guard let error = error as? PluginError else {
      TerminalReporter.shared.makingRoom {}
      Sentry.exit(withError: error)
    }
    var text = "Error: \(error.message)\n"
    if let hint = error.hint { text += "Hint: \(hint)\n" }
    Console.error(text)
    Glibc.exit(status(of: error))
  }
}
