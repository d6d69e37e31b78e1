import ArgumentParser

/// What a checkpoint holds that does not say it itself: see ``ModelFile/described(by:recipe:)``.
struct ModelRecipe: ParsableArguments {
  @Option(
    name: .customLong("recipe"),
    help: ArgumentHelp(
      "The recipe that knows a checkpoint of another program; without it, the tensors' names tell.", valueName: "name"))
  var name: String?
}
