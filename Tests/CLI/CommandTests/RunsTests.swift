import Foundation
import SentryTestSupport
import Testing

@Suite struct RunsTests {
  private func train(_ sandbox: Sandbox, _ output: String, _ more: String...) throws {
    let outcome = try sandbox.toys(["train", "toy", "--output", output, "--epochs", "2"] + more)
    #expect(outcome.status == 0, "\(outcome.err)")
  }

  private func json(_ outcome: Sandbox.Outcome) throws -> [String: Any] {
    try #require(try JSONSerialization.jsonObject(with: Data(outcome.out.utf8)) as? [String: Any])
  }

  @Test func listShowAndCompare() throws {
    let sandbox = try Sandbox()
    try train(sandbox, "models/one")
    try train(sandbox, "models/two", "--batch-size", "8")
    let list = try sandbox.run(["runs"])
    #expect(list.status == 0 && list.err == "", "\(list.err)")
    let lines = list.out.split(separator: "\n")
    #expect(lines.count == 3)
    #expect(lines[0].hasPrefix("run         recipe  model"))
    #expect(lines[1].hasPrefix("models/one  toy     toy-linear  toy-stripes  2/2"))

    let runs = try #require(try json(sandbox.run(["runs", "list", "models", "--json"]))["runs"] as? [[String: Any]])
    #expect(runs.count == 2)
    #expect(
      Set(runs[0].keys) == [
        "directory", "state", "outcome", "started", "ended", "recipe", "model", "dataset", "data", "train_samples",
        "validation_samples", "seed", "epochs", "epochs_done", "best_epoch", "metrics", "tasks", "images_per_second",
        "seconds", "peak_memory_bytes", "cpu", "device", "precision", "sentry",
      ])
    #expect(runs[1]["directory"] as? String == "models/two" && runs[1]["state"] as? String == "finished")
    let metrics = try #require(runs[0]["metrics"] as? [String: Double])
    #expect(Set(metrics.keys) == ["train_loss", "train_acc", "val_loss", "val_acc", "lr"])

    let csv = try sandbox.run(["runs", "list", "models", "--csv"]).out.split(separator: "\n")
    #expect(csv.count == 3 && csv[0].hasPrefix("directory,state,recipe,model,dataset,data,train_samples"))

    let shown = try sandbox.run(["runs", "show", "models/one"])
    #expect(shown.status == 0, "\(shown.err)")
    for piece in ["64 training, 16 validation", "session ", "finished", "val_acc", "train toy --output models/one"] {
      #expect(shown.out.contains(piece), "\(piece) in \(shown.out)")
    }
    let all = try json(sandbox.run(["runs", "show", "models/one", "--json"]))
    let first = try #require((all["runs"] as? [[String: Any]])?.first)
    #expect((first["history"] as? [String: Any])?["epoch"] as? [Int] == [1, 2])
    #expect(first["record"] is [String: Any] && first["timing"] is [String: Any])

    let compared = try sandbox.run(["runs", "compare", "models"])
    #expect(compared.status == 0 && !compared.out.contains("not comparable"), "\(compared.out)")
    #expect(compared.out.contains(#/run\.batch-size +\d+ +8\n/#), "\(compared.out)")
    try train(sandbox, "models/limited", "--limit", "32")
    let refused = try json(sandbox.run(["runs", "compare", "models/one", "models/limited", "--json"]))
    #expect(refused["comparable"] as? Bool == false)
    #expect((refused["obstacles"] as? [String])?.contains("--limit differs: none; 32") == true)
    #expect((refused["options"] as? [String: [String]])?["run.limit"] == ["–", "32"])
    #expect(try sandbox.run(["runs", "compare", "models/one", "models/limited"]).out.contains("not comparable:"))
  }

  @Test(.enabled(if: EvaluateTests.hasGnuplot, EvaluateTests.noGnuplot)) func theCurvesAsAPicture() throws {
    let sandbox = try Sandbox()
    for name in ["one", "two"] { try train(sandbox, name) }
    let outcome = try sandbox.run(["runs", "compare", "one", "two", "--figure", "curves.png"])
    #expect(outcome.status == 0 && outcome.err.contains("written: curves.png\nwritten: curves.svg"), "\(outcome.err)")
    let png = try Data(contentsOf: URL(fileURLWithPath: "\(sandbox.root)/work/curves.png"))
    #expect(png.starts(with: [0x89, 0x50, 0x4E, 0x47]))
    let svg = try String(contentsOfFile: "\(sandbox.root)/work/curves.svg", encoding: .utf8)
    for piece in ["</svg>", "validation loss", "learning rate", ">one<", ">two<"] { #expect(svg.contains(piece)) }
    let lost = try sandbox.run(["runs", "compare", "one", "two", "--figure", "gone/curves"])
    #expect(lost.status == 1 && lost.err.contains("gone/curves.png"))
    let bare = try sandbox.run(
      ["runs", "compare", "one", "two", "--figure", "c"], environment: ["PATH": "\(sandbox.root)/empty"])
    #expect(bare.status == 1 && bare.err.contains("gnuplot is not installed") && bare.out.isEmpty)
  }

  @Test func whatIsNoRunIsNamed() throws {
    let sandbox = try Sandbox()
    try train(sandbox, "models/one")
    try train(sandbox, "models/broken")
    try Data("{}".utf8).write(to: URL(fileURLWithPath: "\(sandbox.root)/work/models/broken/run.json"))
    let list = try sandbox.run(["runs", "list"])
    #expect(list.status == 0 && list.out.contains("models/one"))
    #expect(list.err.contains("note: models/broken: ") && list.err.contains("damaged or has another version"))
    let named = try sandbox.run(["runs", "list", "models/one", "models/broken"])
    #expect(named.status == 1 && named.out.contains("models/one") && named.err.contains("models/broken"))
    let found = try json(sandbox.run(["runs", "list", "--json"]))
    #expect(((found["broken"] as? [[String: Any]])?.first)?["directory"] as? String == "models/broken")
    let none = try sandbox.run(["runs", "list", "models/one/state"])
    #expect(none.status == 1 && none.err.contains("there is no run in it") && none.out.isEmpty)
    #expect(try sandbox.run(["runs", "show", "gone"]).status == 64)
    let single = try sandbox.run(["runs", "compare", "models/one"])
    #expect(single.status == 64 && single.err.contains("there is only one run: models/one"))
    let both = try sandbox.run(["runs", "list", "--csv", "--json"])
    #expect(both.status == 64)
  }

  /// A run that was killed says how far it came, and TensorBoard has its curves and pictures once after it went on.
  @Test(
    .enabled(
      if: PeerPython.interpreter != nil && EvaluateTests.hasGnuplot, "needs gnuplot (make setup) and make peers"))
  func picturesForTensorBoard() throws {
    let sandbox = try Sandbox()
    let arguments = ["train", "toy", "--dataset", "toy-bars", "--epochs", "3", "--lr", "0.002", "--output", "run"]
    #expect(try sandbox.toys(arguments).status == 0)
    let reading = try EventReading("\(sandbox.root)/work/run/tensorboard")
    #expect(reading.pictures["samples"]?.map(\.step) == [1])
    let matrices = try #require(reading.pictures["confusion_matrix"])
    // The last one is there whatever the machine takes to draw one.
    #expect(matrices.first?.step == 1 && matrices.last?.step == 3)
    for picture in reading.pictures.values.flatMap(\.self) {
      #expect(picture.png == [picture.height, picture.width].reversed())
    }
    #expect(reading.texts["options"]?.first?.contains("| dataset | toy-bars (test-toy-a 1.2.3) |") == true)

    let silent = try sandbox.toys(arguments.dropLast() + ["silent", "--set", "run.tensorboard=false"])
    #expect(silent.status == 0)
    #expect(!FileManager.default.fileExists(atPath: "\(sandbox.root)/work/silent/tensorboard"))
    for file in ["history.json", "final_model.pth"] {
      let files = ["run", "silent"].map { FileManager.default.contents(atPath: "\(sandbox.root)/work/\($0)/\(file)") }
      #expect(files[0] == files[1], "\(file)")
    }
  }
}
