import Foundation
import SentryTestSupport
import Testing

/// Which dataset reads a folder, by the plugins' own judgement, through the real program and the real plugins.
@Suite struct DatasetChoiceTests {
  private func sandbox() throws -> Sandbox {
    try Sandbox(plugins: [
      "EmotionDenseNet", "DatasetFER2013", "DatasetAffectNet", "DatasetRAFDB", "DatasetCKPlus", "AugmentFace",
      "TrainerSupervised",
    ])
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
    let unnamed = try train(sandbox, on: tree, [])
    #expect(unnamed.status == 0, "\(unnamed.err)")
    #expect(
      unnamed.err.contains("\(tree.path) is read as fer2013, as nobody named a dataset (score ")
        && unnamed.err.contains("the recipe's own dataset affectnet "), "\(unnamed.err)")
    #expect(try dataset(sandbox) == "fer2013")
    try FileManager.default.removeItem(atPath: "\(sandbox.root)/work/run")

    let named = try train(sandbox, on: tree, ["--dataset", "affectnet"])
    #expect(named.status == 0 && named.err.contains("hardly looks like data for dataset 'affectnet'"), "\(named.err)")
    #expect(try dataset(sandbox) == "affectnet")
  }

  /// The head of the network follows the classes of the dataset, and the checkpoint brings them to the evaluation.
  @Test func sevenClassesAreTrainedAndEvaluated() throws {
    let (sandbox, tree) = (try sandbox(), try TestTree.fer2013())
    let seven = ["--set", "dataset.classes=7", "--augmentation", "mild"]
    let outcome = try train(sandbox, on: tree, ["--dataset", "fer2013"] + seven)
    #expect(outcome.status == 0, "\(outcome.err)")
    let evaluated = try sandbox.toys([
      "evaluate", "--model", "run/best_model.pth", "--data", tree.path, "--output", "out", "--bootstrap-samples", "0",
    ])
    #expect(evaluated.status == 0, "\(evaluated.err)")
    let metrics = try sandbox.json("out/metrics.json")
    #expect((metrics["per_class_accuracy"] as? [String: Any])?.keys.contains("disgust") == true)
    #expect(metrics["num_samples"] as? Int == 7)
    let six = try sandbox.toys([
      "evaluate", "--model", "run/best_model.pth", "--data", tree.path, "--output", "six", "--set", "dataset.classes=6",
    ])
    #expect(six.status == 64 && six.err.contains("anger, disgust] in the model"), "\(six.err)")
    #expect(
      try train(sandbox, on: tree, ["--set", "dataset.classes=5", "--overwrite"]).err.contains("dataset.classes"))
  }

  /// Data with names of their own are recognised by them, whatever the names of their folders.
  @Test(arguments: ["rafdb", "ckplus"]) func namesOfImagesTellTheSet(name: String) throws {
    let (sandbox, tree) = (try sandbox(), try TestTree())
    for number in 1...7 {
      for image in 0..<4 {
        if name == "rafdb" {
          try tree.image("train/\(number)/train_0\(image)00\(number)_aligned.jpg", level: UInt8(number * 9 + image))
        } else {
          let folder = ["anger", "contempt", "disgust", "fear", "happy", "sadness", "surprise"][number - 1]
          try tree.image("\(folder)/S01\(image)_00\(number)_00000015.png", level: UInt8(number * 9 + image))
        }
      }
    }
    let outcome = try train(sandbox, on: tree, [])
    #expect(outcome.status == 0, "\(outcome.err)")
    #expect(outcome.err.contains("is read as \(name)"), "\(outcome.err)")
    #expect(try dataset(sandbox) == name)
    if name == "ckplus" { #expect((outcome.out + outcome.err).contains("whole groups"), "\(outcome.out)") }
  }

  @Test func numbersAreAskedForByTheRecipesOwnDatasetToo() throws {
    let (sandbox, tree) = (try sandbox(), try TestTree())
    for number in 0...6 {
      for image in 0..<4 { try tree.image("train/\(number)/\(image).png", level: UInt8(number * 30 + image), side: 32) }
    }
    let refused = try train(sandbox, on: tree, [])
    #expect(refused.status == 64 && refused.err.contains("--set dataset.numbering=fer2013 (0 angry"), "\(refused.err)")
    #expect(!FileManager.default.fileExists(atPath: "\(sandbox.root)/work/run"))
    let told = try train(sandbox, on: tree, ["--set", "dataset.numbering=fer2013"])
    #expect(told.status == 0, "\(told.err)")
    #expect(told.out.contains("the class folders are numbers, read as those of fer2013: 0 angry"), "\(told.out)")
  }
}
