import ArgumentParser
import SentryRuntime

struct Sentry: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "sentry",
    abstract: "Trains and examines models; datasets, models and trainers come from plugins.",
    discussion: "Exit status: 0 done, 1 failed, 64 the command is wrong, 130 interrupted.",
    version: Version.sentry,
    subcommands: [
      Train.self, Evaluate.self, Predict.self, Embed.self, Export.self, Inspect.self, RunsCommand.self,
      DataCommand.self, Plugins.self, Recipes.self, Doctor.self,
    ])

  @OptionGroup var global: GlobalOptions
}
