import Foundation
import SentryFormats
import Testing

/// `sentry embed` through the real program and the real plugins, small.
@Suite struct EmbedTests {
  private let sandbox: Sandbox

  init() throws {
    sandbox = try Sandbox(plugins: ["EmotionDenseNet", "DatasetSyntheticFaces", "AugmentFace", "TrainerSupervised"])
    let outcome = try sandbox.toys([
      "train", "emotion", "--dataset", "synthetic-faces", "--output", "run", "--image-size", "32", "--batch-size", "8",
      "--epochs", "1", "--threads", "1", "--set", "dataset.count=24", "--set", "dataset.validation-count=7",
    ])
    try #require(outcome.status == 0, "\(outcome.err)")
  }

  private func embed(_ output: String, _ more: [String] = []) throws -> Sandbox.Outcome {
    try sandbox.toys(["embed", "--model", "run/best_model.pth", "--output", output] + more)
  }

  private func path(_ name: String) -> String { "\(sandbox.root)/work/\(name)" }

  private func object(_ name: String) throws -> [String: Any] {
    try #require(
      JSONSerialization.jsonObject(with: Data(contentsOf: URL(fileURLWithPath: path(name)))) as? [String: Any])
  }

  @Test func everySampleBecomesAVectorWithItsLabels() throws {
    let outcome = try embed("features")
    #expect(outcome.status == 0, "\(outcome.err)")
    #expect(outcome.out == "31 vectors of 1280 numbers in features\n")
    for (split, count) in [("train", 24), ("val", 7)] {
      let labels = try object("features/\(split)/labels.json")
      #expect(labels.count == count)
      for (id, entry) in labels {
        #expect(((entry as? [String: Any])?["emotion"] as? Int).map { (0..<6).contains($0) } == true, "\(id)")
        let vector = try NPYFile.read(path("features/\(split)/\(id).npy"))
        #expect(vector.shape == [1280])
        #expect(try vector.floats().contains { $0 != 0 })
      }
      let tasks = try String(contentsOfFile: path("features/\(split)/tasks.json"), encoding: .utf8)
      #expect(tasks.contains("surprise"))
    }
    let origin = try object("features/features.json")
    let model = try #require(origin["model"] as? [String: Any])
    #expect(model["path"] as? String == "run/best_model.pth" && model["recipe"] as? String == "emotion")
    #expect((model["sha256"] as? String)?.count == 64)
    #expect(origin["output"] as? String == "embedding" && origin["dimension"] as? Int == 1280)
    #expect((origin["created_by"] as? String)?.hasPrefix("sentry ") == true)
    #expect(origin["normalisation"] is [String: Any])
    let table = try String(contentsOfFile: path("features/samples.csv"), encoding: .utf8)
    #expect(table.hasPrefix("split,id,sample\n") && table.split(separator: "\n").count == 32)
  }

  @Test func neitherBatchNorWorkersShow() throws {
    #expect(try embed("a", ["--batch-size", "31", "--workers", "0", "--threads", "1"]).status == 0)
    #expect(try embed("b", ["--batch-size", "31", "--workers", "3", "--threads", "1"]).status == 0)
    let names = try FileManager.default.subpathsOfDirectory(atPath: path("a")).sorted()
    #expect(try FileManager.default.subpathsOfDirectory(atPath: path("b")).sorted() == names)
    for name in names where name.contains(".") {
      #expect(FileManager.default.contentsEqual(atPath: path("a/\(name)"), andPath: path("b/\(name)")), "\(name)")
    }
  }

  @Test func aSplitMayBeChosenAndTheDatasetSet() throws {
    #expect(try embed("val", ["--split", "validation", "--set", "dataset.validation-count=12"]).status == 0)
    #expect(try object("val/val/labels.json").count == 12)
    let test = try embed("none", ["--split", "test"])
    #expect(test.status == 64 && test.err.contains("no samples in its split 'test'"))
    #expect(test.err.contains("train, validation"))
    #expect(!FileManager.default.fileExists(atPath: path("none")))
  }

  @Test func whatIsThereIsNotLost() throws {
    #expect(try embed("features", ["--split", "validation"]).status == 0)
    let again = try embed("features")
    #expect(again.status == 64 && again.err.contains("features is not empty") && again.err.contains("--overwrite"))
    #expect(try object("features/val/labels.json").count == 7)
    #expect(!FileManager.default.fileExists(atPath: path("features/train")))
    #expect(try embed("features", ["--overwrite"]).status == 0)
    #expect(try object("features/train/labels.json").count == 24)
    try Data("mine".utf8).write(to: URL(fileURLWithPath: path("features/notes.txt")))
    let foreign = try embed("features", ["--overwrite"])
    #expect(foreign.status == 64 && foreign.err.contains("notes.txt"))
    #expect(try object("features/train/labels.json").count == 24)
  }

  @Test func mistakesAreNamedAndLeaveNothing() throws {
    let name = try embed("x", ["--output-name", "embeding"])
    #expect(name.status == 64 && name.err.contains("no embedding 'embeding'") && name.err.contains("'embedding'"))
    let option = try embed("x", ["--set", "dataset.cuont=3"])
    #expect(option.status == 64 && option.err.contains("cuont") && option.err.contains("count"))
    let scope = try embed("x", ["--set", "trainer.lr=1"])
    #expect(scope.status == 64 && scope.err.contains("only options of the dataset and the model"))
    let dataset = try embed("x", ["--dataset", "synthetic-facs"])
    #expect(dataset.status != 0 && dataset.err.contains("synthetic-faces"))
    let data = try embed("x", ["--data", "run"])
    #expect(data.status == 64 && data.err.contains("reads no files"))
    let model = try sandbox.toys(["embed", "--model", "run/history.json", "--output", "x"])
    #expect(model.status != 0 && model.err.contains("history.json"))
    let names = try FileManager.default.contentsOfDirectory(atPath: "\(sandbox.root)/work")
    #expect(names == ["run"])
  }
}
