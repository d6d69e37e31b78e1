import Foundation
import Testing

/// Plugins as authors built them against a frozen border: today's program checks them, trains with them and reads what it trained.
@Suite struct FrozenBorderTests {
  private static let folder = "\(Sandbox.package)/Tests/Border"
  static let borders = ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? [])
    .filter { $0.first?.isNumber == true }.sorted()

  @Test func oneIsFrozen() { #expect(Self.borders.contains("1.3")) }

  @Test(arguments: borders) func theirPluginsWork(border: String) throws {
    let sandbox = try Sandbox(plugins: ["RecipeEmotion", "TrainerSupervised"])
    var names: [String: String] = [:]
    for kind in ["dataset", "augmenter", "model"] {
      let file = "\(sandbox.root)/plugins/lib\(kind).so"
      let built = try sandbox.run(
        [
          "-std=c11", "-O1", "-Wall", "-Werror", "-fPIC", "-fvisibility=hidden", "-shared", "-I",
          "\(Self.folder)/\(border)/include", "\(Self.folder)/\(border)/\(kind).c", "-o", file, "-lm",
        ], program: "/usr/bin/cc")
      try #require(built.status == 0, "\(built.err)")
      names[kind] = "frozen-\(kind)-\(border.replacing(".", with: "-"))"
      let checked = try sandbox.run(["plugins", "check", file, "--strictness", "5", "--seed", "3", "--timeout", "600"])
      #expect(checked.status == 0, "\(checked.out)\(checked.err)")
    }
    let trained = try sandbox.run(
      ["--plugin-dir", "\(sandbox.root)/plugins", "train", "emotion", "--epochs", "1", "--image-size", "32"]
        + ["--set", "dataset.count=64", "--output", "run"]
        + names.sorted { $0.key < $1.key }.flatMap { ["--\($0)", $1] })
    #expect(trained.status == 0, "\(trained.out)\(trained.err)")
    let evaluated = try sandbox.run(
      ["--plugin-dir", "\(sandbox.root)/plugins", "evaluate", "--model", "run/final_model.pth", "--output", "judged"])
    #expect(evaluated.status == 0, "\(evaluated.out)\(evaluated.err)")
    let metrics = try String(contentsOfFile: "\(sandbox.root)/work/judged/metrics.json", encoding: .utf8)
    #expect(metrics.contains("\"side\""), "\(metrics)")
  }
}
