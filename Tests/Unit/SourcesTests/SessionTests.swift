import CSentryPlugin
import Foundation
import SentryPluginAPI
import Testing

@testable import SourcesPosture

@Suite struct SessionTests {
  let session = Session(options: options(), host: QuietHost.host)

  /// A recording of 4 seconds at 10 frames a second.
  private func filled(_ tree: Tree, _ name: String = "rec", subject: String = "ann") throws {
    _ = try session.createTemplate(at: tree.path(name), seconds: 4)
    try tree.write("\(name)/labels.csv", SessionFile.header + "\n0,upright,calm,\n1,upright,calm,\n2,,,\n3,1,2,0\n")
    try tree.write(
      "\(name)/session.json", #"{"format": "sentry-session/1", "seconds": 4, "fps": 10, "subject": "\#(subject)"}"#)
    try tree.array("\(name)/keypoints/k.npy", (0..<400).map(Float.init), shape: [40, 10])
  }

  @Test func theTemplateHasARowForEverySecond() throws {
    let tree = try Tree()
    let report = try session.createTemplate(at: tree.path("rec"), seconds: 2.5)
    #expect(report.output == tree.path("rec"))
    let rows = try String(contentsOfFile: tree.path("rec/labels.csv"), encoding: .utf8)
    #expect(rows == "second,posture,stress,trajectory\n0,,,\n1,,,\n2,,,\n")
    for name in ["README.md", "notes.md", "session.json", "video", "keypoints"] {
      #expect(FileManager.default.fileExists(atPath: tree.path("rec/\(name)")), "\(name)")
    }
    #expect(Session.score(tree.path("rec")) == 100 && Session.score(tree.root) == 0)
    let again = #expect(throws: PluginError.self) { try session.createTemplate(at: tree.path("rec"), seconds: 3) }
    #expect(again?.message.contains("exists and is not empty") == true)
    let check = try session.checkTemplate(at: tree.path("rec"))
    #expect(check.problems.count == 3, "\(check.problems)")
    for text in ["the subject is missing", "3 seconds have no label", "holds no keypoints"] {
      #expect(check.problems.contains { $0.contains(text) }, "\(text)")
    }
  }

  @Test func aFilledTemplateBecomesSequences() throws {
    let tree = try Tree()
    try filled(tree)
    #expect(try session.checkTemplate(at: tree.path("rec")).problems == [])
    _ = try session.prepare(tree.path("rec"), to: tree.output)
    #expect(
      try tree.allLabels() == [
        "session_rec_00000": PostureLabels(posture: 0, stress: 0, subject: "session/ann"),
        "session_rec_00003": PostureLabels(posture: 1, stress: 2, trajectory: 0, subject: "session/ann"),
      ])
    let first = try tree.sequence("session_rec_00000")
    #expect(first.shape == [20, 10] && first.values[0] == 0)
    #expect(try tree.sequence("session_rec_00003").values[0] == 300)
  }

  @Test func aFolderOfRecordingsIsSplitBySubject() throws {
    let tree = try Tree()
    for (name, subject) in [("a", "ann"), ("b", "bob"), ("c", "ann")] {
      try filled(tree, "all/\(name)", subject: subject)
    }
    _ = try session.prepare(tree.path("all"), to: tree.output)
    let (train, val) = (try tree.labels("train"), try tree.labels("val"))
    let (trained, held) = (Set(train.values.map(\.subject)), Set(val.values.map(\.subject)))
    #expect(train.count + val.count == 6 && trained.isDisjoint(with: held) && trained.count == 1 && held.count == 1)
  }

  @Test func whoIsThereAlreadyStaysOnTheSameSide() throws {
    let tree = try Tree()
    for (name, subject) in [("a", "ann"), ("b", "bob"), ("c", "ann")] {
      try filled(tree, "one/\(name)", subject: subject)
    }
    _ = try session.prepare(tree.path("one"), to: tree.output)
    let sides = try ["train", "val"].map { Set(try tree.labels($0).values.map(\.subject)) }
    for (name, subject) in [("d", "ann"), ("e", "bob"), ("f", "bob"), ("g", "bob")] {
      try filled(tree, "two/\(name)", subject: subject)
    }
    _ = try session.prepare(tree.path("two"), to: tree.output)
    #expect(try ["train", "val"].map { Set(try tree.labels($0).values.map(\.subject)) } == sides)
    #expect(try tree.allLabels().count == 14)
  }

  @Test(arguments: [
    ("labels.csv", "second,posture,stress,trajectory\n0,,,\n", "labels.csv: the second 1 has no row"),
    ("labels.csv", "second,posture,stress,trajectory\n0,,,\n0,,,\n", "labels.csv: line 3: the second 0 occurs twice"),
    (
      "labels.csv", "second,posture,stress,trajectory\n9,,,\n",
      "labels.csv: line 2: '9' is not a second of this recording"
    ),
    (
      "labels.csv", "second,posture,stress,trajectory\n0,flat,,\n",
      "labels.csv: line 2: 'flat' is not a class of posture"
    ),
    ("labels.csv", "second,posture\n0,1\n", "has no column stress"),
    (
      "session.json", #"{"format": "sentry-session/1", "seconds": 4, "fps": 5, "subject": "a"}"#,
      "40 frames at 5.0 frames a second last 8 s"
    ),
    ("session.json", #"{"format": "sentry-session/1", "seconds": 4, "fps": 0, "subject": "a"}"#, "fps is 0.0"),
    (
      "session.json", #"{"format": "sentry-session/1", "seconds": 4, "fps": 10, "subject": ""}"#,
      "the subject is missing"
    ),
    ("keypoints/x.json", "{}", "more than one form of keypoints"),
  ]) func whatIsWrongIsNamed(file: String, contents: String, text: String) throws {
    let tree = try Tree()
    try filled(tree)
    try tree.write("rec/\(file)", contents)
    let problems = try session.checkTemplate(at: tree.path("rec")).problems
    #expect(problems.contains { $0.contains(text) }, "\(problems)")
    let error = try failure(tree, session, tree.path("rec"))
    #expect(error.message.contains(text) || error.message.contains("is not a recording"), "\(error.message)")
  }
}
