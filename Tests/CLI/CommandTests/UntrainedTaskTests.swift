import Foundation
import SentryFormats
import Testing

/// A head whose training labels were all of one class answers all the same; nobody is to take that for an answer.
@Suite(.serialized) struct UntrainedTaskTests {
  /// A sandbox with `run/final_classifier.pth` of the tasks `real` and `flat`, and `alone.pth`, the same without the run's record.
  private static let trained: Sandbox? = {
    guard let sandbox = try? Sandbox(plugins: ["ClassifierHeads", "DatasetFeatures", "TrainerSupervised"]) else {
      return nil
    }
    for (split, count) in [("train", 16), ("val", 8)] {
      var labels: [String: [String: Int]] = [:]
      let path = "\(sandbox.root)/work/data/\(split)"
      try? FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
      for sample in 0..<count {
        labels["s\(sample)"] = ["real": sample % 2, "flat": 1]
        try? NPYFile.write(
          StoredTensor([Float(sample % 2), 1, 0, Float(sample)], shape: [4]), to: "\(path)/s\(sample).npy")
      }
      let tasks = [["name": "real", "classes": ["no", "yes"]], ["name": "flat", "classes": ["down", "up"]]]
      try? JSONSerialization.data(withJSONObject: labels).write(to: URL(fileURLWithPath: "\(path)/labels.json"))
      try? JSONSerialization.data(withJSONObject: tasks).write(to: URL(fileURLWithPath: "\(path)/tasks.json"))
    }
    let outcome = try? sandbox.toys([
      "train", "classifier", "--data", "data", "--output", "run", "--epochs", "1", "--batch-size", "8", "--threads",
      "1",
    ])
    guard outcome?.status == 0 else { return nil }
    try? FileManager.default.copyItem(
      atPath: "\(sandbox.root)/work/run/final_classifier.pth", toPath: "\(sandbox.root)/work/alone.pth")
    return sandbox
  }()

  private let sample = "data/val/s0.npy"

  private func run(_ arguments: [String]) throws -> Sandbox.Outcome {
    let outcome = try #require(Self.trained).toys(arguments)
    try #require(outcome.status == 0, "\(arguments): \(outcome.err)")
    return outcome
  }

  @Test(arguments: [[], ["--json"], ["--csv"]]) func itIsLeftOutOfPredictions(form: [String]) throws {
    let outcome = try run(["predict", "--model", "alone.pth", sample, "--output", "answers", "--overwrite"] + form)
    for text in ["flat", "down", "up"] { #expect(!outcome.out.contains(text), "\(outcome.out)") }
    #expect(outcome.out.contains("yes"))
    #expect(outcome.err.contains("the task 'flat' was not trained and is left out"), "\(outcome.err)")
    let files = try FileManager.default.contentsOfDirectory(atPath: try #require(Self.trained).root + "/work/answers")
    #expect(files.sorted() == ["predictions.csv", "real_logits.npy"])
  }

  @Test func exportsAndInspectionsMarkIt() throws {
    for format in ["onnx", "safetensors"] {
      let exported = try run(["export", "--model", "alone.pth", "--format", format, "--overwrite"])
      #expect(exported.err.contains("not trained, so that the answers mean nothing: flat"), "\(exported.err)")
      let text = try run(["inspect", "alone.\(format)"]).out
      #expect(text.contains("down, up (not trained)") && text.contains("no, yes\n"), "\(text)")
    }
    let again = try run(["predict", "--model", "alone.safetensors", sample])
    #expect(!again.out.contains("flat") && again.err.contains("not trained"))
  }

  @Test func reportsMarkItAndNoMeanHasIt() throws {
    let evaluated = try run([
      "evaluate", "--model", "alone.pth", "--data", "data", "--split", "validation", "--output", "report",
      "--overwrite",
      "--bootstrap-samples", "0",
    ])
    #expect(evaluated.out.contains("flat (not trained)"), "\(evaluated.out)")
    let path = try #require(Self.trained).root + "/work/report/metrics.json"
    let data = try Data(contentsOf: URL(fileURLWithPath: path))
    let metrics = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
    #expect(metrics["overall_accuracy"] as? Double == metrics["real_accuracy"] as? Double)
    let shown = try run(["runs", "show", "run"])
    #expect(shown.out.contains("(not trained)"))
  }

  /// Checkpoints from before had no mark; the record of their run knows.
  @Test func theRecordBesideACheckpointTells() throws {
    let sandbox = try #require(Self.trained)
    let path = "\(sandbox.root)/work/run/old.safetensors"
    _ = try run([
      "export", "--model", "alone.pth", "--format", "safetensors", "--output", "run/old.safetensors", "--overwrite",
    ])
    var file = try SafetensorsFile.read(path)
    let about = try #require(file.metadata["sentry"]).replacing(#/,?"trained":false,?/#, with: "")
    file.metadata["sentry"] = about
    try file.write(to: path)
    let outcome = try run(["predict", "--model", "run/old.safetensors", sample])
    #expect(!outcome.out.contains("flat") && outcome.out.contains("predicted"))
  }
}
