import Foundation
import SentryFormats
import SentryTestSupport
import Testing

/// `sentry extract` on real videos, then training on what it wrote, then the demo with what was trained.
@Suite(.serialized) struct ExtractTests {
  private static let plugins = [
    "VideoFFmpeg", "PoseBlazePose", "FeaturesPosture", "DatasetPosture", "PostureTCNLSTM", "AugmentSequence",
    "TrainerSupervised",
  ]
  private static let videos = ["single_face", "cam01", "carphone_pristine", "no_face"].map { name in
    SharedData.path("videos/\(name).mp4")
  }
  static let isThere = SharedData.expects("videos/cam01.mp4") && SharedData.expects("mediapipe/pose_detection.tflite")

  /// A sandbox with the networks installed.
  private static func sandbox() throws -> Sandbox {
    let sandbox = try Sandbox(plugins: plugins)
    let outcome = try sandbox.toys(["models", "get", "pose", "--from", SharedData.path("mediapipe")])
    try #require(outcome.status == 0, "\(outcome.err)")
    // Pictures of mountains are a source, too: one that shows nobody.
    try FileManager.default.createDirectory(atPath: "\(sandbox.root)/work/hills", withIntermediateDirectories: true)
    for number in 1...3 {
      try FileManager.default.copyItem(
        atPath: SharedData.path("faces/free-mountain-vector-01.jpg"), toPath: "\(sandbox.root)/work/hills/\(number).jpg"
      )
    }
    return sandbox
  }

  private func table(_ path: String) throws -> [[String: String]] {
    let lines = try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n").map {
      $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    }
    let header = try #require(lines.first)
    return lines.dropFirst().map { Dictionary(uniqueKeysWithValues: zip(header, $0)) }
  }

  /// `extract`, `train posture`, `demo`.
  @Test(.enabled(if: isThere, "the shared videos and networks are absent"))
  func videosBecomeSequencesAModelAndADemo() throws {
    let sandbox = try Self.sandbox()
    let work = "\(sandbox.root)/work"
    let extracted = try sandbox.toys(
      ["extract"] + Self.videos + ["hills", "--output", "data", "--fps", "10", "--preview", "x.mp4"])
    #expect(extracted.status == 64 && extracted.err.contains("--preview shows one source"), "\(extracted.err)")
    let ignored = try sandbox.toys(["extract", Self.videos[0], "--output", "data", "--size", "10x10"])
    #expect(ignored.status == 64 && ignored.err.contains("--size has no effect"), "\(ignored.err)")
    let arguments = ["extract"] + Self.videos + ["hills", "--output", "data", "--fps", "10"]
    let outcome = try sandbox.toys(arguments)
    try #require(outcome.status == 0, "\(outcome.err)")
    #expect(outcome.out.contains("hills: no person in 3 frames"), "\(outcome.out)")

    // Every frame of every video is in the index, and every row of a sequence is in it once.
    let rows = try table("\(work)/data/index.csv")
    let single = rows.filter { $0["source"] == Self.videos[0] }
    #expect(single.map { $0["frame"] } == (0..<72).map { "\($0)" })
    let taken = single.filter { $0["state"] != "skipped" }
    #expect((20...40).contains(taken.count), "\(taken.count)")
    let names = try FileManager.default.contentsOfDirectory(atPath: "\(work)/data/sequences").sorted()
    try #require(names.contains("single_face.npy") && names.contains("cam01.npy"), "\(names)")
    for name in names {
      let shape = try NPYFile.shape(of: "\(work)/data/sequences/\(name)")
      let own = rows.filter { $0["sequence"] == String(name.dropLast(4)) }
      #expect(own.map { $0["row"] } == (0..<shape[0]).map { "\($0)" })
      #expect(shape[1] == 15)
    }

    // The same again reads nothing.
    let again = try sandbox.toys(arguments)
    #expect(again.status == 0 && again.out.contains("(from before)"), "\(again.out)")

    // Labels are missing, then there.
    let train = [
      "train", "posture", "--data", "data", "--output", "run", "--epochs", "1", "--batch-size", "4", "--seq-length",
      "8",
    ]
    let unlabelled = try sandbox.toys(train)
    #expect(unlabelled.status != 0 && unlabelled.err.contains("no label for"), "\(unlabelled.err)")
    let file = "\(work)/data/labels.json"
    var labels = try sandbox.json("data/labels.json")
    #expect(labels.keys.sorted() == names.map { String($0.dropLast(4)) })
    for (number, name) in labels.keys.sorted().enumerated() {
      var entry = try #require(labels[name] as? [String: Any])
      (entry["posture"], entry["stress"]) = (number % 2, number / 2 % 2)
      labels[name] = entry
    }
    try JSONSerialization.data(withJSONObject: labels).write(to: URL(fileURLWithPath: file))
    let trained = try sandbox.toys(train)
    try #require(trained.status == 0, "\(trained.err)")

    let demo = try sandbox.toys([
      "demo", "--model", "run/final_model.pth", "--source", Self.videos[0], "--headless", "--jsonl", "out.jsonl",
      "--frames", "20",
    ])
    try #require(demo.status == 0, "\(demo.err)")
    #expect(!demo.err.contains("nothing shows or keeps"), "\(demo.err)")
    let unseen = try sandbox.toys([
      "demo", "--model", "run/final_model.pth", "--source", Self.videos[0], "--headless", "--frames", "1",
    ])
    #expect(
      unseen.status == 0
        && unseen.err.contains("nothing shows or keeps the answers: --jsonl FILE, --output FILE or --serve does"),
      "\(unseen.err)")
    let lines = try String(contentsOfFile: "\(work)/out.jsonl", encoding: .utf8).split(separator: "\n")
    #expect(lines.count == 20)
    #expect(lines.contains { $0.contains("\"posture\"") && $0.contains("probabilities") }, "\(lines.last ?? "")")
  }

  @Test(.enabled(if: isThere, "the shared videos and networks are absent"))
  func badSourcesAreNamedAndSkippedWhereThatIsAllowed() throws {
    let sandbox = try Self.sandbox()
    let work = "\(sandbox.root)/work"
    for (name, text) in [("empty.mp4", ""), ("text.mp4", "no video\n")] {
      try text.write(toFile: "\(work)/\(name)", atomically: true, encoding: .utf8)
    }
    let sources = ["empty.mp4", "text.mp4", "hills"]
    let options = ["--output", "out", "--fps", "10", "--landmarks", "--detector", "blazepose"]
    let stopped = try sandbox.toys(["extract"] + sources + options)
    #expect(stopped.status == 1 && stopped.err.contains("empty.mp4"), "\(stopped.err)")
    let tooMany = try sandbox.toys(["extract"] + sources + options + ["--skip-bad", "1"])
    #expect(tooMany.status == 1 && tooMany.err.contains("--skip-bad 1 allows"), "\(tooMany.err)")
    let skipped = try sandbox.toys(["extract"] + sources + options + ["--skip-bad", "2"])
    #expect(skipped.status == 0 && skipped.out.contains("2 unreadable sources"), "\(skipped.out) \(skipped.err)")
    #expect(try FileManager.default.contentsOfDirectory(atPath: "\(work)/out/sequences").isEmpty)
    let states = Set(try table("\(work)/out/index.csv").map { $0["state"] })
    #expect(states == ["absent", "skipped"])
    let missing = try sandbox.toys(["extract", "none.mp4", "--output", "other"])
    #expect(missing.status == 64 && missing.err.contains("none.mp4"), "\(missing.err)")
    #expect(!FileManager.default.fileExists(atPath: "\(work)/other"))
  }

  /// No detector and no video: keypoints from a file.
  @Test func aTableOfLandmarksGivesFeatures() throws {
    let sandbox = try Sandbox(plugins: ["FeaturesPosture"])
    let work = "\(sandbox.root)/work"
    let names = [
      "nose", "left_eye_inner", "left_eye", "left_eye_outer", "right_eye_inner", "right_eye", "right_eye_outer",
      "left_ear", "right_ear", "mouth_left", "mouth_right", "left_shoulder", "right_shoulder", "left_elbow",
      "right_elbow", "left_wrist", "right_wrist", "left_pinky", "right_pinky", "left_index", "right_index",
      "left_thumb", "right_thumb", "left_hip", "right_hip", "left_knee", "right_knee", "left_ankle", "right_ankle",
      "left_heel", "right_heel", "left_foot_index", "right_foot_index",
    ]
    var text = names.flatMap { ["\($0)_x", "\($0)_y", "\($0)_z"] }.joined(separator: ",") + "\n"
    for row in 0..<12 {
      text +=
        names.indices.flatMap {
          ["\(0.2 + Double($0) * 0.01)", "\(0.1 + Double($0) * 0.02 + Double(row) * 0.001)", "0"]
        }
        .joined(separator: ",") + "\n"
    }
    try text.write(toFile: "\(work)/points.csv", atomically: true, encoding: .utf8)
    let untimed = try sandbox.toys(["extract", "points.csv", "--output", "out"])
    #expect(untimed.status == 64 && untimed.err.contains("--rate"), "\(untimed.err)")
    let outcome = try sandbox.toys(["extract", "points.csv", "--output", "out", "--rate", "25"])
    try #require(outcome.status == 0, "\(outcome.err)")
    #expect(outcome.out.contains("12 frames, 12 rows in 1 sequence"), "\(outcome.out)")
    #expect(try NPYFile.shape(of: "\(work)/out/sequences/points.npy") == [12, 15])
    #expect(try table("\(work)/out/index.csv").last?["time"] == "0.440000")
  }
}
