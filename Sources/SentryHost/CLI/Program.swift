import ArgumentParser
import Glibc
import SentryInference
import SentryPluginAPI
import SentryRuntime

/// The program `sentry`, from its command line to its exit status.
package enum Program {
  /// - Parameter serving: what `demo --serve` listens with; nil: it hands over to the program that has it.
  package static func run(serving: (@Sendable (ServingAddress) throws -> any LiveServing)? = nil) {
    ServerMaker.shared.make = serving
    // Before anything is opened.
    _ = HostGuard.restoreDescriptors()
    let arguments = CommandLine.arguments
    Probe.supervise(Array(arguments.dropFirst()))
    CheckProcess.supervise(Array(arguments.dropFirst()))
    HostGuard.install()
    HostGuard.keepOutput()
    CallWatch.start(say: Console.error)
    // Then a file that grows too large is an error like a full disk.
    signal(SIGXFSZ, SIG_IGN)
    do {
      let given = NegativeNumbers.tied(Array(arguments.dropFirst()))
      try CommandContext.prepare(for: given)
      var command = try Sentry.parseAsRoot(given)
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
      Train.self, Evaluate.self, Compare.self, Predict.self, Demo.self, Extract.self, Embed.self, Export.self,
      Inspect.self,
      RunsCommand.self, DataCommand.self, ModelsCommand.self, Plugins.self, Recipes.self, Doctor.self,
    ])

  @OptionGroup var global: GlobalOptions
}
