import Testing

@Suite struct HelpTests {
  @Test(arguments: [
    (["--help"], "help.txt"), (["train", "--help"], "train-help.txt"),
    (["train", "toy", "--help"], "train-toy-help.txt"),
    (["plugins", "list", "--help"], "plugins-list-help.txt"), (["recipes"], "recipes.txt"),
    (["plugins", "inspect", "toy-linear"], "inspect-toy-linear.txt"),
    (["runs", "compare", "--help"], "runs-compare-help.txt"),
  ])
  func texts(arguments: [String], snapshot: String) throws {
    let outcome = try Sandbox().toys(arguments)
    #expect(outcome.status == 0)
    #expect(outcome.err == "")
    // Hashes differ with every build of the toys.
    let text = outcome.out.replacing(#/[0-9a-f]{64}/#, with: "HASH")
    try Sandbox.expect(text.replacing(#/\nlibraries .*/#, with: "\nlibraries …"), matches: snapshot)
  }

  /// Beside a component's default stands what recipes have in its place; the options of the run are a component's like.
  @Test func inspectShowsWhatHoldsInARecipe() throws {
    let sandbox = try Sandbox()
    let trainer = try sandbox.toys(["plugins", "inspect", "toy-sgd"])
    #expect(trainer.out.contains(#/trainer\.lr +number.* 0\.1 +toy 0\.2/#), "\(trainer.out)")
    let run = try sandbox.toys(["plugins", "inspect", "run"])
    #expect(run.out.contains(#/run\.epochs +integer.* 20 +toy 2/#), "\(run.out)")
    #expect(run.out.contains("run.tensorboard") && run.out.contains("run.augmentation"))
  }

  @Test func version() throws {
    let outcome = try Sandbox(toys: false).run(["--version"])
    #expect(outcome.out.wholeMatch(of: #/\d+\.\d+\.\d+\n/#) != nil)
  }

  /// The last of them is what manual pages are made from.
  @Test(arguments: [
    ["--generate-completion-script", "bash"], ["--generate-completion-script", "zsh"],
    ["--generate-completion-script", "fish"], ["--experimental-dump-help"],
  ]) func descriptionsOfAllCommandsKnowTheRecipesFlags(arguments: [String]) throws {
    let outcome = try Sandbox().toys(arguments)
    #expect(outcome.status == 0)
    for word in ["weak", "samples", "target-samples", "plugin-dir"] { #expect(outcome.out.contains(word), "\(word)") }
  }

  /// `--help` and a list from the cache map no plugin and none of their libraries into the host.
  @Test(arguments: [["--help"], ["plugins", "list"], ["train", "toy", "--help"], ["recipes"], ["doctor"]])
  func nothingOfPluginsIsMapped(arguments: [String]) throws {
    let sandbox = try Sandbox()
    let arguments = ["--plugin-dir", "\(sandbox.root)/plugins"] + arguments
    _ = try sandbox.run(arguments)
    let outcome = try sandbox.run(arguments, environment: ["LD_DEBUG": "files"])
    #expect(outcome.status == 0)
    #expect(outcome.err.contains("calling init"))
    for name in ["TestPlugin", "opencv", "dnnl", "openblas", "libcurl", "FoundationNetworking"] {
      #expect(!outcome.err.contains(name), "\(name)")
    }
  }

  @Test func trainingMapsWhatItNeedsAndNoMore() throws {
    let sandbox = try Sandbox()
    let outcome = try sandbox.run(
      ["--plugin-dir", "\(sandbox.root)/plugins", "train", "toy", "--augmenter", "none", "--set", "model.side=8"],
      environment: ["LD_DEBUG": "files"])
    // It ends at the misfit, after all components were made.
    #expect(outcome.status == 64)
    #expect(outcome.err.contains("plugins/libTestPluginToyA.so"))
    #expect(outcome.err.contains("plugins/libTestPluginToyB.so"))
    #expect(!outcome.err.contains("libTestPluginStatic.so"))
  }
}
