import SentryPluginAPI
import SentryRuntime

/// The program `sentry`, from its command line to its exit status.
package enum Program {
  package static func run() {
    let arguments = CommandLine.arguments
    if arguments.count == 3, arguments[1] == Probe.argument { return ProbeChild.run(arguments[2]) }
    do {
      try CommandContext.prepare(for: Array(arguments.dropFirst()))
      var command = try Sentry.parseAsRoot()
      try command.run()
    } catch {
      Failure.exit(with: error)
    }
  }
}
