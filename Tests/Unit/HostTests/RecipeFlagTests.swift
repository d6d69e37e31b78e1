import SentryPluginAPI
import Testing
@testable import SentryCLI

@Suite struct RecipeFlagTests {
  private func problem(_ flags: [Recipe.Flag]) -> String? {
    Recipe(name: "r", summary: "", dataset: "d", model: "m", trainer: "t", flags: flags)
      .flagProblem(reserved: CommandContext.reservedNames)
  }

  @Test func theHostsNamesAreReserved() {
    let names = CommandContext.reservedNames
    for name in [
      "data", "dataset", "model", "augmenter", "trainer", "output", "epochs", "batch-size", "workers", "threads", "cpu",
      "device",
      "balance", "target-samples", "seed", "limit", "skip-bad", "set", "config", "resume", "overwrite", "plugin-dir",
      "verbose", "allow-untrusted", "help", "version",
    ] {
      #expect(names.contains(name), "\(name)")
      #expect(problem([Recipe.Flag(name, .string, sets: ["model.x"], "")])?.contains("--\(name)") == true)
    }
  }

  @Test func flagsMustMakeSense() {
    #expect(problem([Recipe.Flag("lr", .number, sets: ["trainer.lr"], "")]) == nil)
    #expect(problem([Recipe.Flag("lr", .number, sets: [], "")])?.contains("sets nothing") == true)
    #expect(problem([Recipe.Flag("lr", .number, sets: ["lr"], "")])?.contains("scope.option") == true)
    #expect(problem([Recipe.Flag("l r", .number, sets: ["trainer.lr"], "")])?.contains("not a valid flag name") == true)
    let twice = Recipe.Flag("lr", .number, sets: ["trainer.lr"], "")
    #expect(problem([twice, twice])?.contains("two flags") == true)
  }
}
