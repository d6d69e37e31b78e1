import Foundation
import SentryFormats
import SentryTestSupport
import Testing

/// `sentry predict` on images, and the library and its example, on a model that was really trained, a little.
@Suite(.serialized) struct PredictTests {
  /// A sandbox with `run/best_model.pth` and `data/test/CLASS/N.bmp`, three images of every class.
  private static let trained: Sandbox? = {
    guard
      let sandbox = try? Sandbox(plugins: [
        "EmotionDenseNet", "DatasetSyntheticFaces", "DatasetFER2013", "AugmentFace", "TrainerSupervised",
      ]),
      let outcome = try? sandbox.toys([
        "train", "emotion", "--dataset", "synthetic-faces", "--output", "run", "--image-size", "32", "--batch-size",
        "8", "--epochs", "1", "--set", "dataset.count=32", "--set", "dataset.validation-count=8",
      ]), outcome.status == 0
    else { return nil }
    for (number, name) in classes.enumerated() {
      for split in ["train", "test"] {
        let folder = "\(sandbox.root)/work/data/\(split)/\(name)"
        try? FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        for image in 0..<3 {
          try? bitmap(seed: number * 7 + image).write(to: URL(fileURLWithPath: "\(folder)/\(image).bmp"))
        }
      }
    }
    return sandbox
  }()

  private static let classes = ["angry", "fear", "happy", "neutral", "sad", "surprise"]

  /// Rather dark.
  private static func bitmap(seed: Int) -> Data {
    Data(
      TestBitmap.bytes(side: 40) { pixel, channel in
        UInt8((pixel * (seed + 3) + pixel / 40 * (seed % 5) + channel * 20) % (50 + seed))
      })
  }

  private func predict(_ arguments: [String]) throws -> Sandbox.Outcome {
    try #require(Self.trained).toys(["predict", "--model", "run/best_model.pth"] + arguments)
  }

  private func rows(_ csv: String) -> [[String]] {
    csv.split(separator: "\n").map { $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init) }
  }

  @Test func imagesAreJudgedAsValidationJudgesThem() throws {
    let sandbox = try #require(Self.trained)
    let evaluated = try sandbox.toys([
      "evaluate", "--model", "run/best_model.pth", "--dataset", "fer2013", "--data", "data", "--split", "validation",
      "--draws", "0", "--output", "evaluated", "--overwrite",
    ])
    try #require(evaluated.status == 0, "\(evaluated.err)")
    let expected = rows(
      try String(contentsOfFile: "\(sandbox.root)/work/evaluated/predictions.csv", encoding: .utf8))
    let outcome = try predict(["data/test", "--csv"])
    try #require(outcome.status == 0, "\(outcome.err)")
    let found = rows(outcome.out)
    #expect(found[0] == expected[0].filter { $0 != "true" } && found.count == 19 && expected.count == 19)
    // The dataset names files by their whole paths, and has an order of its own.
    let answers = Dictionary(uniqueKeysWithValues: expected.dropFirst().map { ($0[0].suffix(17), Array($0[2...])) })
    #expect(answers.count == 18)
    for row in found.dropFirst() {
      let key = answers.keys.first { $0.hasSuffix(row[0].dropFirst("data/test".count)) }
      #expect(try answers[#require(key)] == Array(row[1...]), "\(row[0])")
    }
    #expect(found.dropFirst().map { $0[0] } == found.dropFirst().map { $0[0] }.sorted())
  }

  @Test func theLinesTheObjectsAndTheTableAgree() throws {
    let files = ["data/test/happy/1.bmp", "data/test/angry/0.bmp"]
    let lines = try predict(files)
    #expect(lines.status == 0, "\(lines.err)")
    let texts = lines.out.split(separator: "\n")
    #expect(texts.count == 2 && texts[0].hasPrefix("data/test/happy/1.bmp: "))
    let csv = rows(try predict(files + ["--csv", "--batch-size", "1", "--workers", "0"]).out)
    let json = try predict(files + ["--json"])
    let objects = try #require(try JSONSerialization.jsonObject(with: Data(json.out.utf8)) as? [[String: Any]])
    #expect(csv.count == 3 && objects.count == 2)
    for index in 0..<2 {
      let tasks = try #require(objects[index]["tasks"] as? [String: [String: Any]])
      let odds = try #require(tasks["emotion"]?["probabilities"] as? [String: Double])
      #expect(
        objects[index]["file"] as? String == files[index] && tasks["emotion"]?["class"] as? String == csv[index + 1][1])
      #expect(texts[index].hasPrefix("\(files[index]): \(csv[index + 1][1]) 0."))
      for (column, name) in csv[0].enumerated().dropFirst(2) {
        let (one, other) = (try #require(Double(csv[index + 1][column])), try #require(odds[String(name.dropFirst(2))]))
        #expect(abs(one - other) < 1e-6, "whatever the batches")
      }
      #expect(abs(odds.values.reduce(0, +) - 1) < 1e-9)
    }
    #expect(try predict(files + ["--json", "--csv"]).status == 64)
  }

  @Test func lowLightChangesTheAnswer() throws {
    let (plain, corrected) = (
      try predict(["data/test/sad/0.bmp", "--csv"]), try predict(["data/test/sad/0.bmp", "--csv", "--low-light"])
    )
    #expect(plain.status == 0 && corrected.status == 0, "\(corrected.err)")
    #expect(plain.out != corrected.out)
  }

  @Test func unreadableFilesAreNamedOrLeftOut() throws {
    let sandbox = try #require(Self.trained)
    let folder = "\(sandbox.root)/work/mixed"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    try Self.bitmap(seed: 4).write(to: URL(fileURLWithPath: "\(folder)/b.bmp"))
    try Data("no image".utf8).write(to: URL(fileURLWithPath: "\(folder)/a.png"))
    try Data("no image".utf8).write(to: URL(fileURLWithPath: "\(folder)/readme.txt"))
    let stopped = try predict(["mixed"])
    #expect(stopped.status == 1 && stopped.err.contains("mixed/a.png") && stopped.err.contains("--skip-bad"))
    let skipped = try predict(["mixed", "--skip-bad", "1", "--csv"])
    #expect(skipped.status == 0 && rows(skipped.out).map { $0[0] } == ["sample", "mixed/b.bmp"], "\(skipped.err)")
    #expect(skipped.err.contains("skipped: mixed/a.png") && skipped.err.contains("1 file of other types"))
    for (arguments, part) in [
      (["mixed/readme.txt"], "mixed/readme.txt is not a supported file"), (["gone.jpg"], "gone.jpg: No such file"),
      (["run/state"], "run/state contains no supported file"),
      (["mixed/b.bmp", "x.npy"], "cannot be predicted together"),
      (["x.npy", "--raw"], "reads no .npy files"), (["x.npy", "--low-light"], "used as they are"),
    ] {
      let outcome = try predict(arguments)
      #expect(outcome.status == 64 && outcome.err.contains(part), "\(arguments): \(outcome.err)")
    }
  }

  /// A picture that needs no resizing, and its mirror image.
  private static func mirrorPair() throws -> [String] {
    let folder = "\(try #require(trained).root)/work/pair"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    for (name, isMirrored) in [("a.bmp", false), ("b.bmp", true)] {
      let bytes = TestBitmap.bytes(side: 32) { pixel, channel in
        let column = isMirrored ? 31 - pixel % 32 : pixel % 32
        return UInt8((column * 6 + pixel / 32 * 2 + channel) % 256)
      }
      try Data(bytes).write(to: URL(fileURLWithPath: "\(folder)/\(name)"))
    }
    return ["pair/a.bmp", "pair/b.bmp"]
  }

  private func odds(_ outcome: Sandbox.Outcome) throws -> [[Double]] {
    try #require(outcome.status == 0, "\(outcome.err)")
    return rows(outcome.out).dropFirst().map { $0.dropFirst(2).compactMap(Double.init) }
  }

  @Test func viewsAreAveragedAsProbabilities() throws {
    let files = try Self.mirrorPair()
    let plain = try odds(predict(files + ["--csv"]))
    let views = try odds(predict(files + ["--csv", "--tta", "flip"]))
    #expect(plain.count == 2 && views.count == 2 && plain[0] != plain[1])
    for (index, mean) in zip(plain[0], plain[1]).map({ ($0 + $1) / 2 }).enumerated() {
      #expect(abs(views[0][index] - mean) < 1e-6 && abs(views[1][index] - mean) < 1e-6)
    }
    // More views are other ones, and each row adds up to 1.
    let crops = try odds(predict(files + ["--csv", "--tta", "ten-crop"]))
    #expect(crops.allSatisfy { abs($0.reduce(0, +) - 1) < 1e-9 } && abs(crops[0][0] - views[0][0]) > 1e-9)
  }

  @Test func viewsAreWrittenAndSaid() throws {
    let sandbox = try #require(Self.trained)
    let first = try predict(["data/test", "--output", "viewed", "--csv", "--tta", "flip", "--overwrite"])
    #expect(first.status == 0, "\(first.err)")
    let work = "\(sandbox.root)/work/viewed"
    #expect(try NPYFile.read("\(work)/emotion_probabilities.npy").shape == [18, 6])
    #expect(!FileManager.default.fileExists(atPath: "\(work)/emotion_logits.npy"))
    let evaluated = try sandbox.toys([
      "evaluate", "--model", "run/best_model.pth", "--dataset", "fer2013", "--data", "data", "--split", "validation",
      "--bootstrap-samples", "50", "--output", "viewed-evaluation", "--overwrite", "--tta", "flip",
    ])
    #expect(evaluated.status == 0, "\(evaluated.err)")
    #expect(evaluated.err.contains("probabilities are means over 2 views of each sample"))
    let metrics = try sandbox.json("viewed-evaluation/metrics.json")
    let extended = try #require(metrics["extended"] as? [String: Any])
    let views = try #require(extended["test_time_augmentation"] as? [String: Any])
    #expect(views["views"] as? String == "flip" && views["count"] as? Int == 2)
    #expect(views["mean_of"] as? String == "probabilities" && metrics["num_samples"] as? Int == 18)
    // The evaluation averages as the prediction does.
    let table = rows(
      try String(contentsOfFile: "\(sandbox.root)/work/viewed-evaluation/predictions.csv", encoding: .utf8))
    let column = try #require(table[0].firstIndex(of: "p_neutral"))
    let answers = Dictionary(
      uniqueKeysWithValues: table.dropFirst().map { ($0[0].suffix(17), $0[column...].compactMap { Double($0) }) })
    for row in rows(first.out).dropFirst() {
      let key = try #require(answers.keys.first { $0.hasSuffix(row[0].dropFirst("data/test".count)) })
      let expected = try #require(answers[key])
      for (one, other) in zip(row.dropFirst(2).compactMap({ Double($0) }), expected) {
        #expect(abs(one - other) < 1e-6)
      }
    }
  }

  @Test func viewsThatAreNotThere() throws {
    let sandbox = try #require(Self.trained)
    // Looked at before it is read.
    try Data().write(to: URL(fileURLWithPath: "\(sandbox.root)/work/array.npy"))
    for (arguments, part) in [
      (["pair/a.bmp", "--tta", "five-crop"], "has no such views"),
      (["array.npy", "--tta", "flip"], "arrays are used as they are"),
      (["pair/a.bmp", "--tta", "flip", "--mc-dropout", "3"], "leave one of them out"),
    ] {
      _ = try Self.mirrorPair()
      let outcome = try predict(arguments)
      #expect(outcome.status == 64 && outcome.err.contains(part), "\(arguments): \(outcome.err)")
    }
    #expect(try predict(["pair/a.bmp", "--tta", "five-crop"]).err.contains("flip (2 views: "))
  }

  @Test func outputIsWrittenOnceAndCheckedFirst() throws {
    let sandbox = try #require(Self.trained)
    let first = try predict(["data/test", "--output", "judged", "--csv"])
    #expect(first.status == 0, "\(first.err)")
    let work = "\(sandbox.root)/work/judged"
    #expect(try NPYFile.read("\(work)/emotion_logits.npy").shape == [18, 6])
    #expect(try String(contentsOfFile: "\(work)/predictions.csv", encoding: .utf8) == first.out)
    // What is wrong with the inputs is not even looked at.
    let again = try predict(["gone.jpg", "--output", "judged"])
    #expect(again.status == 64 && again.err.contains("judged/predictions.csv exists"), "\(again.err)")
    #expect(try predict(["data/test", "--output", "judged", "--overwrite"]).status == 0)
  }

  /// The library finds plugins by itself, probes them through the `sentry` beside them or alone, and says what `predict` says.
  @Test func theExampleClassifiesAsTheCommandDoes() throws {
    let sandbox = try #require(Self.trained)
    try FileManager.default.createDirectory(atPath: "\(sandbox.root)/own", withIntermediateDirectories: true)
    try FileManager.default.copyItem(
      atPath: "\(Sandbox.products)/ClassifyImage", toPath: "\(sandbox.root)/own/ClassifyImage")
    defer { try? FileManager.default.removeItem(atPath: "\(sandbox.root)/own") }
    func classify(_ arguments: [String], _ plugins: String = "plugins", home: String = "fresh") throws
      -> Sandbox.Outcome
    {
      try sandbox.run(
        arguments, program: "own/ClassifyImage",
        environment: ["SENTRY_PLUGIN_PATH": "\(sandbox.root)/\(plugins)", "HOME": "\(sandbox.root)/\(home)"])
    }
    let outcome = try classify(["run/best_model.pth", "data/test"])
    #expect(outcome.status == 0, "\(outcome.err)")
    let expected = rows(try predict(["data/test", "--csv"]).out)
    let lines = outcome.out.split(separator: "\n").map { $0.split(separator: " ").map(String.init) }
    #expect(lines.count == 18)
    for (line, row) in zip(lines, expected.dropFirst()) {
      let best = row[2...].compactMap(Double.init).max() ?? 0
      #expect(line[0] == "\(row[0]):" && line[1] == row[1] && abs((Double(line[2]) ?? 0) - best) < 1e-6)
    }
    let missing = try classify(["run/best_model.pth", "gone.jpg"])
    #expect(missing.status != 0 && missing.err.contains("gone.jpg: No such file"), "\(missing.err)")
    let bare = try classify(["run/best_model.pth", "data/test"], "empty")
    #expect(bare.status != 0 && bare.err.contains("no plugin offers model 'emotion-densenet'"), "\(bare.err)")
  }
}
