import ArgumentParser

/// What a checkpoint holds that does not say it itself: see ``ModelFile/described(by:recipe:)``.
struct ModelRecipe: ParsableArguments {
  @Option(
    name: .customLong("recipe"),
    help: ArgumentHelp(
      "The recipe that reads a checkpoint of another program; default: recognised by the tensor names.",
      valueName: "name"))
  var name: String?
}
