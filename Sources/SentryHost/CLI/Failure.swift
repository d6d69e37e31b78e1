import ArgumentParser
import CSentryPlugin
import Glibc
import SentryPluginAPI
import SentryRuntime

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
    guard let error = error as? PluginError else { exitOfParser(error) }
    Console.error(text(of: error))
    exit(status(of: error))
  }

  static func text(of error: PluginError) -> String {
    "Error: \(error.message)\n" + (error.hint.map { "Hint: \($0)\n" } ?? "")
  }

  /// Ends the process. The host's own way: any other is taken for a plugin's.
  static func exit(_ status: Int32) -> Never {
    HostGuard.release(status)
    Glibc.exit(status)
  }

  /// Help and errors of the command line, which hold texts of recipes.
  private static func exitOfParser(_ error: any Error) -> Never {
    let (text, status) = (Sentry.fullMessage(for: error), Sentry.exitCode(for: error).rawValue)
    if text.isEmpty {
      TerminalReporter.shared.makingRoom {}
    } else if status == 0 {
      Console.result(text)
    } else {
      Console.error(text + "\n")
    }
    exit(status)
  }
}
