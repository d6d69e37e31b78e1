import Foundation
import SentryFormats
import Testing

/// Names that were given by others, through the whole program: none is carried out, none keeps a picture from being drawn.
@Suite struct HostileNamesTests {
  /// Each ran `id` by way of gnuplot, or broke its script.
  static let classes = ["\u{0600}'.system(\"id>~/Q\").'\u{0301}", "'tis", "`id>~/Q`", "@x %d\n\t<b>"]
  static let runs = ["\u{0600}';system\"cd;id>Q\"#", "'tis"]

  private func writeFeatures(_ folder: String) throws {
    let names = try JSONSerialization.data(withJSONObject: [["name": "'tis \u{0600}'", "classes": Self.classes]])
    for (split, count) in [("train", 16), ("val", 8)] {
      let path = "\(folder)/\(split)"
      try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
      var labels: [String: [String: Int]] = [:]
      for sample in 0..<count {
        let label = sample % Self.classes.count
        labels["s\(sample)"] = ["'tis \u{0600}'": label]
        let vector = (0..<4).map { Float($0 == label ? 1 : 0) + Float(sample) / 100 }
        try NPYFile.write(StoredTensor(vector, shape: [4]), to: "\(path)/s\(sample).npy")
      }
      try JSONSerialization.data(withJSONObject: labels).write(to: URL(fileURLWithPath: "\(path)/labels.json"))
      try names.write(to: URL(fileURLWithPath: "\(path)/tasks.json"))
    }
  }

  @Test(.enabled(if: EvaluateTests.hasGnuplot, EvaluateTests.noGnuplot)) func theyAreShownAndNothingElse() throws {
    let sandbox = try Sandbox(plugins: ["ClassifierHeads", "DatasetFeatures", "TrainerSupervised"])
    try writeFeatures("\(sandbox.root)/work/data")
    for run in Self.runs {
      let trained = try sandbox.toys([
        "train", "classifier", "--data", "data", "--output", run, "--epochs", "2", "--batch-size", "8", "--threads",
        "1",
      ])
      #expect(trained.status == 0 && !trained.err.contains("could not draw"), "\(trained.err)")
    }
    let evaluated = try sandbox.toys(
      ["evaluate", "--model", "\(Self.runs[0])/best_classifier.pth", "--data", "data", "--output", "out"])
    #expect(evaluated.status == 0 && !evaluated.err.contains("could not draw"), "\(evaluated.err)")
    let files = try FileManager.default.contentsOfDirectory(atPath: "\(sandbox.root)/work/out")
    #expect(files.count { $0.hasSuffix(".png") } == 6, "\(files)")
    let compared = try sandbox.toys(["runs", "compare"] + Self.runs + ["--figure", "'tis"])
    #expect(compared.status == 0 && compared.err.contains("written: 'tis.svg"), "\(compared.err)")
    for folder in ["home", "work", "work/out"] {
      #expect(!FileManager.default.fileExists(atPath: "\(sandbox.root)/\(folder)/Q"), "\(folder)")
    }
  }
}
