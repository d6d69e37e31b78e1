import ArgumentParser
import CSentryProcess
import Glibc
import SentryPluginAPI
import SentryRuntime

/// The program `sentry`, from its command line to its exit status.
package enum Program {
  package static func run() {
    // Before anything is opened.
    sentry_open_standard_descriptors()
    let arguments = CommandLine.arguments
    if arguments.count == 4, arguments[1] == Probe.argument, let milliseconds = Int(arguments[3]) {
      ProbeSupervisor(timeout: .milliseconds(milliseconds)).run(arguments[2])
    }
    HostGuard.install()
    // Then a file that grows too large is an error like a full disk.
    signal(SIGXFSZ, SIG_IGN)
    do {
      try CommandContext.prepare(for: Array(arguments.dropFirst()))
      var command = try Sentry.parseAsRoot()
      try command.run()
      HostGuard.release(0)
    } catch {
      Failure.exit(with: error)
    }
  }
}

struct Sentry: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "sentry",
    abstract: "Trains and evaluates models; plugins provide datasets, models and trainers.",
    discussion: "Exit status: 0 success, 1 failure, 64 wrong usage, 130 interrupted.",
    version: Version.sentry,
    subcommands: [
      Train.self, Evaluate.self, Predict.self, Demo.self, Extract.self, Embed.self, Export.self, Inspect.self,
      RunsCommand.self, DataCommand.self, ModelsCommand.self, Plugins.self, Recipes.self, Doctor.self,
    ])

  @OptionGroup var global: GlobalOptions
}
