import Foundation
import SentryTestSupport
import Testing

/// Which dataset reads a folder, by the plugins' own judgement, through the real program and the real plugins.
@Suite struct DatasetChoiceTests {
  private func sandbox() throws -> Sandbox {
    try Sandbox(plugins: ["EmotionDenseNet", "DatasetFER2013", "DatasetAffectNet", "AugmentFace", "TrainerSupervised"])
  }

  private func train(_ sandbox: Sandbox, on tree: TestTree, _ more: [String]) throws -> Sandbox.Outcome {
    try sandbox.toys(
      [
        "train", "emotion", "--data", tree.path, "--image-size", "32", "--batch-size", "4", "--epochs", "1",
        "--output", "run",
      ] + more)
  }

  private func dataset(_ sandbox: Sandbox) throws -> String? {
    let plan = try sandbox.json("run/run.json")["plan"] as? [String: Any]
    return (plan?["dataset"] as? [String: Any])?["name"] as? String
  }

  @Test(arguments: ["fer2013", "affectnet"]) func autoRecognisesAFolder(name: String) throws {
    let (sandbox, tree) = (try sandbox(), name == "fer2013" ? try TestTree.fer2013() : try TestTree.affectNet())
    let outcome = try train(sandbox, on: tree, ["--dataset", "auto"])
    #expect(outcome.status == 0, "\(outcome.err)")
    #expect(outcome.err.contains("--dataset auto: \(tree.path) is read as \(name)\n"), "\(outcome.err)")
    #expect(try dataset(sandbox) == name)
  }

  /// The recipe's own dataset is AffectNet, which could read these folders, too.
  @Test func aGuessDoesNotOverrideWhatTheFilesSay() throws {
    let (sandbox, tree) = (try sandbox(), try TestTree.fer2013())
    let refused = try train(sandbox, on: tree, [])
    #expect(refused.status == 64)
    #expect(refused.err.contains("\(tree.path) does not look like data for dataset 'affectnet'"), "\(refused.err)")
    #expect(refused.err.contains("looks like fer2013 (score ") && refused.err.contains("pass --dataset fer2013"))
    #expect(!FileManager.default.fileExists(atPath: "\(sandbox.root)/work/run"))

    let named = try train(sandbox, on: tree, ["--dataset", "affectnet"])
    #expect(named.status == 0 && named.err.contains("hardly looks like data for dataset 'affectnet'"), "\(named.err)")
    #expect(try dataset(sandbox) == "affectnet")
  }
}
