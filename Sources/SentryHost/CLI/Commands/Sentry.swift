import ArgumentParser
import SentryRuntime

struct Sentry: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "sentry",
    abstract: "Trains and evaluates models; plugins provide datasets, models and trainers.",
    discussion: "Exit status: 0 success, 1 failure, 64 wrong usage, 130 interrupted.",
    version: Version.sentry,
    subcommands: [
      Train.self, Evaluate.self, Predict.self, Embed.self, Export.self, Inspect.self, RunsCommand.self,
      DataCommand.self, Plugins.self, Recipes.self, Doctor.self,
    ])

  @OptionGroup var global: GlobalOptions
}
