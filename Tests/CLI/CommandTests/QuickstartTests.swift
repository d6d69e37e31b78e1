import Foundation
import Testing

@Suite struct QuickstartTests {
  /// The words of the command that trains, as make would run it.
  private func command(output: String) throws -> [String] {
    let (process, pipe) = (Process(), Pipe())
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["make", "-C", Sandbox.package, "-n", "quickstart", "QUICKSTART_OUTPUT=\(output)"]
    // Not what a make that runs the tests says to others.
    process.environment = ["PATH": "/usr/bin:/bin"]
    process.standardOutput = pipe
    try process.run()
    let text = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    try #require(process.terminationStatus == 0)
    let lines = text.replacing("\\\n", with: " ").split(separator: "\n").map {
      $0.split(separator: " ").map(String.init)
    }
    return try #require(lines.first { $0.starts(with: [".build/release/sentry", "train"]) }, "\(text)")
  }

  /// What the README shows first: minutes on synthetic faces, and a model that knows them.
  @Test func theQuickstartLearns() throws {
    let sandbox = try Sandbox(plugins: ["EmotionDenseNet", "DatasetSyntheticFaces", "AugmentFace", "TrainerSupervised"])
    let words = try command(output: "quick")
    let outcome = try sandbox.run(
      Array(words.dropFirst()), environment: ["SENTRY_PLUGIN_PATH": "\(sandbox.root)/plugins"])
    try #require(outcome.status == 0, "\(outcome.err)")
    #expect(outcome.out.contains("best model: epoch ") && outcome.out.contains("with a validation accuracy of "))
    #expect(outcome.out.contains("\n  quick/best_model.pth\n"), "\(outcome.out)")
    let accuracies = try #require(sandbox.json("quick/history.json")["val_acc"] as? [Double])
    #expect(accuracies.contains { $0 >= 90 }, "\(accuracies)")
  }
}
