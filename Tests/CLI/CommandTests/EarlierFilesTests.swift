import Foundation
import Testing

/// What a program from before options were renamed left (Fixtures/before, made by it) is read by that of today, and gives what
/// it gave then.
@Suite struct EarlierFilesTests {
  private static let fixtures = (#filePath as NSString).deletingLastPathComponent + "/Fixtures/before"

  /// With the interrupted run as `run`, and the checkpoints.
  private func sandbox() throws -> Sandbox {
    let sandbox = try Sandbox(plugins: [
      "EmotionDenseNet", "DatasetSyntheticFaces", "AugmentFace", "TrainerSupervised", "PostureTCNLSTM",
      "AugmentSequence", "DatasetSyntheticPosture", "ClassifierHeads", "DatasetFeatures",
    ])
    for name in ["run", "posture.pth", "posture.npy", "classifier.pth", "classifier.npy"] {
      try FileManager.default.copyItem(atPath: "\(Self.fixtures)/\(name)", toPath: "\(sandbox.root)/work/\(name)")
    }
    return sandbox
  }

  /// What was said otherwise in the run, as notes say it.
  private static let ofTheModel = [
    "model.memory=low is now called model.recompute=true",
    "model.schedule is now called model.work-distribution",
    "model.frozen-bn=eval is now called model.frozen-bn-statistics=running",
  ]
  private static let ofTheRun = [
    "run.hold-out is now called run.val-fraction", "run.start is now called run.init-weights",
  ]

  private func expected(_ key: String) throws -> Any {
    let bytes = try Data(contentsOf: URL(fileURLWithPath: Self.fixtures + "/expected.json"))
    return try #require((JSONSerialization.jsonObject(with: bytes) as? [String: Any])?[key])
  }

  @Test func anInterruptedRunGoesOn() throws {
    let sandbox = try sandbox()
    let outcome = try sandbox.toys(["train", "--resume", "run"])
    #expect(outcome.status == 0, "\(outcome.err)")
    for note in Self.ofTheModel + Self.ofTheRun { #expect(outcome.err.contains("run.json: \(note)"), "\(outcome.err)") }
    #expect(outcome.out.contains("the run continues in epoch 2 of 2, after batch 1 of 15"))
    let (then, now) = (try #require(expected("history") as? [String: [Double]]), try sandbox.json("run/history.json"))
    #expect(Set(then.keys) == Set(now.keys))
    for (column, values) in then where !column.hasSuffix("acc") {
      let ours = try #require(now[column] as? [Double])
      #expect(ours.count == values.count, "\(column)")
      for (a, b) in zip(values, ours) { #expect(abs(a - b) < 1e-4 * abs(a), "\(column)") }
    }
  }

  @Test func itIsListedAndShown() throws {
    let sandbox = try sandbox()
    let listed = try sandbox.run(["runs", "list", "--json", "."])
    #expect(listed.status == 0 && listed.out.contains("\"interrupted\""), "\(listed.out) \(listed.err)")
    let shown = try sandbox.run(["runs", "show", "run"])
    #expect(shown.status == 0 && shown.out.contains("emotion-densenet"), "\(shown.out) \(shown.err)")
  }

  /// Beside a run of today, options have today's names; what the version before did not have is as its default.
  @Test func itIsComparedUnderTheNamesOfToday() throws {
    let sandbox = try sandbox()
    let place = "\(sandbox.root)/work/today"
    try FileManager.default.copyItem(atPath: "\(sandbox.root)/work/run", toPath: place)
    var record = try String(contentsOfFile: "\(place)/run.json", encoding: .utf8)
    for (then, now) in [
      (#/"memory" ?: ?"low"/#, "\"recompute\": true"),
      (#/"frozen-bn" ?: ?"eval"/#, "\"frozen-bn-statistics\": \"running\""),
      (#/"schedule" ?: ?"dynamic"/#, "\"work-distribution\": \"dynamic\", \"pretrained-stem\": \"mean\""),
    ] {
      try #require(record.firstMatch(of: then) != nil)
      record.replace(then, with: now)
    }
    try record.write(toFile: "\(place)/run.json", atomically: true, encoding: .utf8)
    let outcome = try sandbox.toys(["runs", "compare", "run", "today", "--json"])
    let found = try #require(try JSONSerialization.jsonObject(with: Data(outcome.out.utf8)) as? [String: Any])
    #expect(found["options"] as? [String: [String]] == ["model.pretrained-stem": ["sum", "mean"]], "\(outcome.out)")
  }

  @Test func itsCheckpointAnswersAsItDid() throws {
    let sandbox = try sandbox()
    let outcome = try sandbox.toys(["evaluate", "--model", "run/best_model.pth", "--threads", "1", "--draws", "0"])
    #expect(outcome.status == 0, "\(outcome.err)")
    for note in Self.ofTheModel { #expect(outcome.err.contains("run/best_model.pth: \(note)"), "\(outcome.err)") }
    let text = try String(contentsOfFile: "\(sandbox.root)/work/evaluation_results/predictions.csv", encoding: .utf8)
    let lines = text.split(separator: "\n").map { $0.split(separator: ",").map(String.init) }
    let then = try #require(expected("predictions") as? [[String: String]])
    try #require(lines.count == then.count + 1)
    for (row, values) in zip(then, lines.dropFirst()) {
      for (column, value) in zip(lines[0], values) {
        let was = try #require(row[column], "column \(column)")
        guard let a = Double(was), let b = Double(value) else {
          #expect(was == value || column == "predicted")
          continue
        }
        #expect(abs(a - b) < 1e-4, "\(row["sample"] ?? "") \(column)")
      }
    }
  }

  @Test func itsCheckpointServesEveryCommand() throws {
    let sandbox = try sandbox()
    let uses = [
      ["embed", "--model", "run/best_model.pth", "--output", "vectors"],
      ["export", "--model", "run/best_model.pth", "--output", "model.onnx"],
      ["export", "--model", "run/best_model.pth", "--output", "model.safetensors"],
      ["evaluate", "--model", "model.safetensors", "--output", "again", "--draws", "0"],
      [
        "train", "emotion", "--start", "run/best_model.pth", "--dataset", "synthetic-faces", "--image-size", "32",
        "--epochs", "1", "--batch-size", "8", "--set", "dataset.count=12", "--set", "dataset.validation-count=6",
        "--output", "next",
      ],
    ]
    for arguments in uses {
      let outcome = try sandbox.toys(arguments)
      #expect(outcome.status == 0, "\(arguments): \(outcome.err)")
    }
    let inspected = try sandbox.run(["inspect", "run/best_model.pth"])
    #expect(inspected.status == 0 && inspected.out.contains("emotion-densenet"), "\(inspected.err)")
  }

  @Test(arguments: ["posture", "classifier"]) func checkpointsOfOtherRecipesAnswerAsTheyDid(recipe: String) throws {
    let sandbox = try sandbox()
    let outcome = try sandbox.toys(["predict", "--model", "\(recipe).pth", "\(recipe).npy", "--json"])
    #expect(outcome.status == 0, "\(outcome.err)")
    let rows = try #require(JSONSerialization.jsonObject(with: Data(outcome.out.utf8)) as? [[String: Any]])
    let then = try #require(expected(recipe) as? [[String: [String: Any]]])
    try #require(rows.count == then.count)
    for (tasks, row) in zip(then, rows) {
      let now = try #require(row["tasks"] as? [String: [String: Any]])
      #expect(Set(now.keys) == Set(tasks.keys))
      for (task, answer) in tasks {
        let (was, now) = (
          answer["probabilities"] as? [String: Double], now[task]?["probabilities"] as? [String: Double]
        )
        for (label, value) in try #require(was) {
          #expect(abs(value - (now?[label] ?? .infinity)) < 1e-4, "\(task) \(label)")
        }
      }
    }
  }
}
