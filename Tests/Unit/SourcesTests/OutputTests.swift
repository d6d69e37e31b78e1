import CSentryPlugin
import Foundation
import SentryFormats
import SentryPluginAPI
import Testing

@testable import SourcesPosture

@Suite struct OutputTests {
  private func multiPosture(_ tree: Tree, subject: String, file: String) throws -> String {
    let rows = ["a", "b"].map { MultiPostureTests.row(subject + $0, "TUP", "LAP") }
    return try tree.write(file, ([MultiPostureTests.header] + rows).joined(separator: "\n"))
  }

  @Test func anotherWidthIsRefusedAndNothingChanges() throws {
    let tree = try Tree()
    try tree.array("posture/train/sequences/seq_001.npy", [Float](repeating: 0, count: 30), shape: [2, 15])
    try tree.write("posture/train/labels.json", #"{"seq_001": {"posture": 0}}"#)
    let raw = try multiPosture(tree, subject: "s", file: "data.csv")
    let error = try failure(tree, MultiPostureTests.source(), raw)
    #expect(error.code == SENTRY_INVALID)
    #expect(error.message.contains("already holds sequences of 15 features a frame; those of multiposture have 99"))
    #expect(try tree.labels("train").count == 1)
  }

  @Test func moreOfTheSameWidthIsAdded() throws {
    let tree = try Tree()
    try tree.array("posture/train/sequences/seq_001.npy", [Float](repeating: 0, count: 198), shape: [2, 99])
    try tree.write("posture/train/labels.json", #"{"seq_001": {"posture": 3, "subject": "me", "note": "kept"}}"#)
    try tree.write("posture/notes.txt", "mine")
    let raw = try multiPosture(tree, subject: "s", file: "data.csv")
    _ = try MultiPostureTests.source().prepare(raw, to: tree.output)
    #expect(try tree.allLabels().count == 3)
    #expect(try tree.labels("train")["seq_001"]?.posture == 3)
    #expect(try tree.sequence("seq_001").shape == [2, 99])
    #expect(FileManager.default.fileExists(atPath: tree.path("posture/notes.txt")))
    let text = try String(contentsOfFile: tree.path("posture/train/labels.json"), encoding: .utf8)
    #expect(text.contains(#""note" : "kept""#))
    #expect(tree.names == ["data.csv", "posture"])
    let again = try failure(tree, MultiPostureTests.source(), raw)
    #expect(again.message.contains("already holds the sequence multiposture_"))
  }

  @Test func somethingElseIsLeftAlone() throws {
    let tree = try Tree()
    try tree.write("posture/thesis.txt", "years of work")
    let raw = try multiPosture(tree, subject: "s", file: "data.csv")
    #expect(try failure(tree, MultiPostureTests.source(), raw).message.contains("holds no train/ or val/ (thesis.txt)"))
    try tree.write("file", "")
    let source = MultiPostureTests.source()
    #expect(throws: PluginError.self) { try source.prepare(raw, to: tree.path("file")) }
  }

  @Test func whatWasDoneIsRecorded() throws {
    let tree = try Tree()
    let raw = try multiPosture(tree, subject: "s", file: "data.csv")
    _ = try MultiPostureTests.source(options(derive: "stress")).prepare(raw, to: tree.output)
    let record = try JSON.decode(
      [JSONValue].self, from: try String(contentsOfFile: tree.path("posture/preparation.json"), encoding: .utf8),
      what: "")
    #expect(record.count == 1)
    #expect(
      record[0]["source"] == "multiposture" && record[0]["features"] == 99
        && record[0]["options"]?["derive"] == "stress")
  }

  @Test func whatWasRecordedWithoutABreakIsNotParted() throws {
    let tree = try Tree()
    let rows = ["TUP", "TLB", "TUP", "TLB"].map { MultiPostureTests.row("1", $0, "LAP") }
    let raw = try tree.write("data.csv", ([MultiPostureTests.header] + rows).joined(separator: "\n"))
    let report = try MultiPostureTests.source().prepare(raw, to: tree.output)
    #expect(report.samples == ["train": 4])
    #expect(report.notes.contains { $0.contains("there is only one subject: all of it is for training") })
    #expect(report.datasetOptions == nil)
  }

  @Test func sharesAreMetAsNearlyAsGroupsAllow() {
    let sizes = Dictionary(uniqueKeysWithValues: (0..<100).map { ("s\($0)", $0 % 7 + 1) })
    let all = sizes.values.reduce(0, +)
    for seed in 0..<20 {
      let chosen = SubjectSplit.validation(sizes, share: 0.2, seed: UInt64(seed)) ?? []
      let size = chosen.reduce(0) { $0 + (sizes[$1] ?? 0) }
      #expect(abs(Double(size) / Double(all) - 0.2) < 0.02)
    }
    #expect(SubjectSplit.validation(["a": 3], share: 0.2, seed: 1) == nil)
    #expect(SubjectSplit.validation(["a": 3, "b": 100], share: 0.2, seed: 1)?.count == 1)
  }
}
