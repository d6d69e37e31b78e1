import Foundation
import SentryFormats
import SentryPluginAPI
import Testing
@testable import SentryInference
@testable import SentryRuntime

@Suite struct FeatureFolderTests {
  @Test func namesKeepWhatTheDatasetCallsASample() {
    for (name, plain) in [
      ("a/b/seq_001.npy", "seq_001"), ("face 1.jpeg", "face_1"), ("train.csv, row 12", "train.csv_row_12"),
      ("seq_001.npy, frames 30–59", "seq_001_frames_30_59"), ("/", "sample"), ("..", "sample"), (".hidden", "hidden"),
      ("Łódź.png", "d"),
      ("v1.5", "v1.5"), (String(repeating: "x", count: 300), String(repeating: "x", count: 120)),
    ] {
      #expect(FeatureNames.plain(name) == plain, "\(name)")
    }
  }

  @Test func namesAreUnique() {
    var names = FeatureNames()
    #expect(["a/x.png", "b/x.png", "x_2.png", "c/x.png"].map { names.next(for: $0) } == ["x", "x_2", "x_2_2", "x_3"])
  }

  private let tasks = [ClassificationTask("kind", classes: ["a", "b"]), ClassificationTask("one", classes: ["a"])]

  private func scratch(_ body: (String) throws -> Void) throws {
    let path = "/tmp/sentry-features-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: path) }
    try body(path)
  }

  @Test func whatIsNotFinishedLeavesNothing() throws {
    try scratch { root in
      do {
        let folder = try FeatureFolder("\(root)/features", tasks: tasks, overwrite: false)
        try folder.add([1, 2], classes: ["kind": 1], subject: 3, split: .train, name: "a.png")
      }
      #expect(try FileManager.default.contentsOfDirectory(atPath: root).isEmpty)
    }
  }

  @Test func aFinishedFolderReplacesItsPredecessorWhole() throws {
    try scratch { root in
      for round in 0..<2 {
        let folder = try FeatureFolder("\(root)/features/", tasks: tasks, overwrite: round > 0)
        try folder.add([Float(round)], classes: ["kind": 1, "one": 0], subject: 3, split: .test, name: "\(round).png")
        try folder.add([5], classes: [:], subject: nil, split: .validation, name: "say \"hi\"")
        try folder.finish(origin: ["round": .integer(round)])
      }
      #expect(try FileManager.default.contentsOfDirectory(atPath: root) == ["features"])
      #expect(
        try SystemFile.names(in: "\(root)/features") == [
          "features.json", "samples.csv", "test", "val",
        ])
      #expect(try NPYFile.read("\(root)/features/test/1.npy").floats() == [1])
      func json(_ file: String) throws -> JSONValue {
        try JSON.decode(from: try #require(try SystemFile.text("\(root)/features/\(file)")), what: file)
      }
      // A task of one class tells nothing.
      #expect(try json("test/labels.json") == ["1": ["kind": 1, "subject": 3]])
      #expect(try json("val/labels.json") == ["say_hi": [:]])
      #expect(try json("val/tasks.json") == [["name": "kind", "classes": ["a", "b"]]])
      let table = try #require(try SystemFile.text("\(root)/features/samples.csv"))
      #expect(table == "split,id,sample\ntest,1,\"1.png\"\nval,say_hi,\"say \"\"hi\"\"\"\n")
    }
  }
}
