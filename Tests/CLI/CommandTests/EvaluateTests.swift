import Foundation
import SentryTestSupport
import Testing

@Suite struct EvaluateTests {
  private func json(_ sandbox: Sandbox, _ path: String) throws -> [String: Any] {
    let bytes = try Data(contentsOf: URL(fileURLWithPath: "\(sandbox.root)/work/\(path)"))
    return try #require(try JSONSerialization.jsonObject(with: bytes) as? [String: Any])
  }

  private func names(_ sandbox: Sandbox, _ folder: String) throws -> Set<String> {
    Set(try FileManager.default.contentsOfDirectory(atPath: "\(sandbox.root)/work/\(folder)"))
  }

  private func text(_ sandbox: Sandbox, _ path: String) throws -> String {
    try String(contentsOfFile: "\(sandbox.root)/work/\(path)", encoding: .utf8)
  }

  private static let pictures = [
    "confusion_matrix", "training_curves", "per_class_metrics", "roc_curves", "precision_recall_curves", "reliability",
  ]
  static let hasGnuplot = FileManager.default.isExecutableFile(atPath: "/usr/bin/gnuplot")
  static let noGnuplot: Comment = "no gnuplot: run make setup"

  @Test(.enabled(if: hasGnuplot, noGnuplot)) func twoClassesWithoutATestSplit() throws {
    let sandbox = try Sandbox()
    #expect(try sandbox.toys(["train", "toy", "--output", "run", "--lr", "0.001"]).status == 0)
    let outcome = try sandbox.toys(["evaluate", "--model", "run/best_model.pth", "--draws", "50"])
    #expect(outcome.status == 0, "\(outcome.err)")
    #expect(outcome.err.contains("--draws is now called --bootstrap-samples"))
    #expect(outcome.err.contains("There is no test split") && outcome.err.contains("selected the model"))
    let files = try names(sandbox, "evaluation_results")
    for picture in Self.pictures {
      #expect(files.contains("\(picture).png") && files.contains("\(picture).svg"), "\(picture)")
    }
    let metrics = try json(sandbox, "evaluation_results/metrics.json")
    #expect(
      Set(metrics.keys) == [
        "accuracy", "f1_macro", "f1_weighted", "f1_per_class", "classification_report", "confusion_matrix",
        "num_samples",
        "per_class_accuracy", "extended",
      ])
    #expect(metrics["num_samples"] as? Int == 16)
    try expectSizes(metrics, of: "stripes", classes: 2)
    let extended = try #require(metrics["extended"] as? [String: Any])
    #expect(extended["split"] as? String == "validation" && extended["split_chose_the_model"] as? Bool == true)

    let again = try sandbox.toys(["evaluate", "--model", "run/best_model.pth"])
    #expect(
      again.status == 64 && again.err.contains("evaluation_results holds an evaluation")
        && again.err.contains("--overwrite"))
    let replaced = try sandbox.toys(
      ["evaluate", "--model", "run/final_model.pth", "--overwrite", "--split", "train", "--draws", "0"])
    #expect(replaced.status == 0, "\(replaced.err)")
    #expect(replaced.err.contains("trained on this split"))
    #expect(try json(sandbox, "evaluation_results/metrics.json")["num_samples"] as? Int == 64)
  }

  @Test(.enabled(if: hasGnuplot, noGnuplot)) func tenClassesOfAStranger() throws {
    let sandbox = try Sandbox()
    let trained = try sandbox.toys(
      ["train", "toy", "--dataset", "toy-bars", "--output", "run", "--lr", "0.002", "--epochs", "4"])
    #expect(trained.status == 0, "\(trained.err)")
    let outcome = try sandbox.toys([
      "evaluate", "--model", "run/best_model.pth", "--output", "out", "--bootstrap-samples", "100",
    ])
    #expect(outcome.status == 0, "\(outcome.err)")
    #expect(outcome.out.contains("120 samples of the split test, 12 without a label for bars"))
    let files = try names(sandbox, "out")
    for picture in Self.pictures + ["mistakes"] { #expect(files.contains("\(picture).png"), "\(picture)") }
    let metrics = try json(sandbox, "out/metrics.json")
    #expect(metrics["num_samples"] as? Int == 108)
    let task = ((metrics["extended"] as? [String: Any])?["tasks"] as? [String: Any])?["bars"] as? [String: Any]
    #expect(task?["missing_targets"] as? Int == 12)
    #expect((task?["classes"] as? [String])?.count == 10)
    try expectSizes(metrics, of: "bars", classes: 10)
    let page = try text(sandbox, "out/report.html")
    #expect(page.contains("&lt;i&gt;&quot;five&quot;&lt;/i&gt;") && !page.contains("<i>\"five"))
    for folder in ["out/report.html", "run/report.html"] { try expectSelfContained(sandbox, folder) }
  }

  /// Each array has an element for each class, also for one that no sample is of; the matrix holds every sample.
  private func expectSizes(_ metrics: [String: Any], of name: String, classes: Int) throws {
    let matrix = try #require(metrics["confusion_matrix"] as? [[Int]])
    #expect(matrix.count == classes && matrix.allSatisfy { $0.count == classes })
    #expect(matrix.joined().reduce(0, +) == metrics["num_samples"] as? Int)
    for key in ["f1_per_class", "per_class_accuracy"] {
      let count = (metrics[key] as? [Any])?.count ?? (metrics[key] as? [String: Any])?.count
      #expect(count == classes, "\(key)")
    }
    let report = try #require(metrics["classification_report"] as? [String: Any])
    let task = ((metrics["extended"] as? [String: Any])?["tasks"] as? [String: Any])?[name] as? [String: Any]
    for label in try #require(task?["classes"] as? [String]) { #expect(report[label] != nil, "\(label)") }
  }

  /// Under 3 MB, and every reference is to data in the page.
  private func expectSelfContained(_ sandbox: Sandbox, _ path: String) throws {
    let page = try text(sandbox, path)
    #expect(page.utf8.count < 3_000_000 && page.utf8.count > 50_000, "\(path): \(page.utf8.count) bytes")
    for match in page.matches(of: #/(?:src|srcset|href)="([^"]{0,12})/#) { #expect(match.1.hasPrefix("data:image/")) }
    #expect(page.contains("<source media=\"(prefers-color-scheme: dark)\""))
    #expect(!page.contains("<script"))
  }

  /// What scikit-learn makes of predictions.csv is what metrics.json says.
  @Test(.enabled(if: PeerPython.interpreter != nil, Comment(rawValue: PeerPython.missing)))
  func scikitLearnAgrees() throws {
    let sandbox = try Sandbox()
    for (dataset, rate) in [("toy-bars", "0.002"), ("toy-stripes", "0.00001")] {
      let run = "run-\(dataset)"
      let trained = try sandbox.toys(["train", "toy", "--dataset", dataset, "--output", run, "--lr", rate])
      #expect(trained.status == 0, "\(trained.err)")
      let out = "out-\(dataset)"
      let outcome = try sandbox.toys(["evaluate", "--model", "\(run)/best_model.pth", "--output", out, "--draws", "10"])
      #expect(outcome.status == 0, "\(outcome.err)")
      let check = try MetricsCheck.run("\(sandbox.root)/work/\(out)")
      #expect(check.isAgreement, "\(check.out)")
      // A number that is wrong by 2e-9 is found.
      let path = "\(sandbox.root)/work/\(out)/metrics.json"
      let report = try String(contentsOfFile: path, encoding: .utf8)
      let wrong = report.replacing(#/"f1_macro" : ([0-9.]+)/#) { "\"f1_macro\" : \((Double($0.1) ?? 0) + 2e-9)" }
      try wrong.write(toFile: path, atomically: true, encoding: .utf8)
      #expect(try MetricsCheck.run("\(sandbox.root)/work/\(out)").status == 1)
    }
  }

  private static let fer2013 = ProcessInfo.processInfo.environment["SENTRY_FER2013"]
  private static let canCheckFER2013 = fer2013 != nil && PeerPython.interpreter != nil

  /// The real PrivateTest images: a model that learned for seconds makes mistakes of every kind.
  @Test(.enabled(if: canCheckFER2013, "needs SENTRY_FER2013, the unpacked dataset, and make peers"))
  func scikitLearnAgreesOnRealFaces() throws {
    let sandbox = try Sandbox(plugins: ["EmotionDenseNet", "DatasetFER2013", "AugmentFace", "TrainerSupervised"])
    let data = try #require(Self.fer2013)
    let trained = try sandbox.toys([
      "train", "emotion", "--data", data, "--dataset", "fer2013", "--image-size", "48", "--epochs", "1", "--limit",
      "640",
      "--lr", "1e-3", "--set", "run.augmentation=none", "--output", "run",
    ])
    #expect(trained.status == 0, "\(trained.err)")
    let outcome = try sandbox.toys(["evaluate", "--model", "run/best_model.pth", "--data", data, "--output", "out"])
    #expect(outcome.status == 0, "\(outcome.err)")
    #expect(outcome.out.contains("3534 samples of the split test"))
    let check = try MetricsCheck.run("\(sandbox.root)/work/out")
    #expect(check.isAgreement, "\(check.out)")
  }

  @Test func misfitsAreToldBeforeTheFirstBatch() throws {
    let sandbox = try Sandbox()
    #expect(try sandbox.toys(["train", "toy", "--output", "run", "--epochs", "1"]).status == 0)
    func evaluate(_ more: String...) throws -> Sandbox.Outcome {
      try sandbox.toys(["evaluate", "--model", "run/best_model.pth", "--output", "out"] + more)
    }
    let classes = try evaluate("--dataset", "toy-bars")
    #expect(classes.status == 64)
    #expect(classes.err.contains("the model predicts the task 'stripes', but dataset 'toy-bars' has only 'bars'"))
    let split = try evaluate("--split", "test")
    #expect(split.status == 64 && split.err.contains("has no test samples, only train (64), validation (16)"))
    #expect(try evaluate("--set", "trainer.lr=3").err.contains("only options of the dataset and the model can be"))
    #expect(try evaluate("--data", "x").err.contains("reads no files"))
    let views = try evaluate("--tta", "flip")
    #expect(views.status == 64 && views.err.contains("offers no views"), "\(views.err)")
    #expect(try evaluate("--batch-size", "0").status == 64)
    let misspelt = try evaluate("--split", "tset").err
    #expect(misspelt.contains("'tset'") && misspelt.contains("--split"), "\(misspelt)")
    let foreign = try sandbox.toys(["evaluate", "--model", "run/history.json"])
    #expect(foreign.status != 0 && foreign.err.contains("history.json"))
    #expect(try sandbox.toys(["evaluate", "--model", "gone.pth"]).status != 0)
    #expect(!FileManager.default.fileExists(atPath: "\(sandbox.root)/work/out"))
  }

  /// The options of data that the recipe has as flags are flags here, too: more samples than in training.
  @Test func flagsOfTheRecipeThatAreAboutData() throws {
    let sandbox = try Sandbox()
    #expect(try sandbox.toys(["train", "toy", "--output", "run", "--epochs", "1"]).status == 0)
    let outcome = try sandbox.toys(
      ["evaluate", "--model", "run/best_model.pth", "--output", "out", "--samples", "128", "--draws", "0"])
    #expect(outcome.status == 0, "\(outcome.err)")
    #expect(try json(sandbox, "out/metrics.json")["num_samples"] as? Int == 32)
    // The learning rate is not about data.
    #expect(try sandbox.toys(["evaluate", "--model", "run/best_model.pth", "--lr", "1"]).err.contains("--lr"))
  }

  @Test func withoutGnuplotTheNumbersAreWritten() throws {
    let sandbox = try Sandbox()
    let arguments = ["--plugin-dir", "\(sandbox.root)/plugins"]
    let environment = ["PATH": "\(sandbox.root)/empty"]
    let trained = try sandbox.run(arguments + ["train", "toy", "--output", "run"], environment: environment)
    #expect(trained.status == 0 && trained.err.contains("gnuplot is not installed"))
    #expect(try text(sandbox, "run/report.html").contains("gnuplot is not installed"))
    let outcome = try sandbox.run(
      arguments + ["evaluate", "--model", "run/best_model.pth", "--output", "out"], environment: environment)
    #expect(outcome.status == 0)
    #expect(outcome.err.contains("gnuplot is not installed") && outcome.err.contains("apt-get install gnuplot-nox"))
    #expect(try names(sandbox, "out") == ["metrics.json", "predictions.csv", "report.html"])
  }
}
