import Foundation
import SentryPluginAPI
import Synchronization
import Testing
@testable import SentryTraining
@testable import SentryCLI
@testable import SentryRuntime

@Suite struct DatasetCheckTests {
  private let quiet = WorkLine(.samples, isTerminal: false, write: { _ in }).progress

  private func check(_ dataset: any Dataset) throws -> DataReport {
    try DatasetCheck.run(dataset, path: "here", name: "plain", progress: quiet)
  }

  private func finding(_ report: DataReport, _ code: String) throws -> DataReport.Finding {
    try #require(report.findings.first { $0.code == code }, "\(report.findings.map(\.code))")
  }

  @Test func aCleanDatasetHasNoFindings() throws {
    // PlainDataset's samples are their index, so that validation needs indices that training lacks.
    let report = try check(Doubles(train: [(1, 0), (2, 1), (3, 2)], validation: [(4, 0), (5, 1), (6, 2)]))
    #expect(report.findings.isEmpty, "\(report.findings)")
    #expect(report.readSamples == 6 && report.distinctSamples == 6)
    #expect(report.splits[0].tasks[0].counts == ["a": 1, "b": 1, "c": 1])
    #expect(report.text.contains("no problem found"))
  }

  @Test func oneWarningIsOne() throws {
    let one = try check(Doubles(train: [(1, 0), (1, 0), (2, 1), (3, 2)], validation: [(4, 0), (5, 1), (6, 2)]))
    #expect(one.findings.count == 1 && one.text.hasSuffix("no problem found; 1 warning"), "\(one.text)")
  }

  @Test func leaksRepetitionsAndConflictsAreCounted() throws {
    let report = try check(
      Doubles(
        train: [(1, 0), (1, 0), (2, 1), (3, 2)], validation: [(1, 0), (2, 0), (9, 1)], test: [(9, 1), (9, 1), (3, 2)]))
    #expect(report.readSamples == 10 && report.distinctSamples == 4)
    let leaks = report.findings.filter { $0.code == "leak" }
    #expect(leaks.map(\.count) == [2, 1, 2])
    #expect(leaks[0].message == "leak: 2 of 3 validation samples are identical to training samples")
    #expect(leaks[0].examples.first == "training: train 0 = validation: validation 0")
    #expect(leaks.allSatisfy { $0.level == .problem })
    let conflict = try finding(report, "conflicting-labels")
    #expect(conflict.count == 1 && conflict.examples == ["training: train 2 = validation: validation 1"])
    #expect(report.findings.filter { $0.code == "repeated" }.map(\.count) == [1, 1])
  }

  @Test func unreadableAndInfiniteSamplesAreNamed() throws {
    let report = try check(PlainDataset(train: [0, 1, 2, 0], validation: [1], unreadable: [2]))
    let unreadable = try finding(report, "unreadable")
    #expect(unreadable.count == 1 && unreadable.examples == ["training: train-2.png: the picture is cut short"])
    let infinite = try check(Doubles(train: [(.nan, 0), (1, 1), (2, 2)], validation: [(.infinity, 0)]))
    #expect(try finding(infinite, "not-finite").count == 2)
  }

  @Test func labelsAreJudged() throws {
    let gaps = try check(Doubles(train: [(1, 0), (2, nil), (3, 0)], validation: []))
    #expect(try finding(gaps, "unlabelled").examples == ["training: train 1"])
    #expect(try finding(gaps, "label-gap").message == "task kind: 1 of 3 training samples have no label")
    #expect(try finding(gaps, "constant-task").message.contains("every training label is a"))
    #expect(try finding(gaps, "no-validation").level == .warning)
    let missing = try check(Doubles(train: [(1, 0), (2, 1)], validation: [(3, 2)]))
    #expect(try finding(missing, "missing-class").message == "task kind: no training sample is c")
    #expect(try finding(try check(Doubles(train: [], validation: [(1, 0)])), "no-training").level == .problem)
    let chosen = try check(Doubles(train: [(1, 0), (2, 1), (3, 2)], validation: [(4, 1)], test: [(5, 0), (6, 1)]))
    #expect(
      try finding(chosen, "missing-class-validation").message
        == "task kind: no validation sample is a, c: the best model is chosen by the other 1 class alone")
    #expect(
      try finding(chosen, "missing-class-test").message == "task kind: no test sample is c: results say nothing of them"
    )
  }

  @Test func namesThatLookLikeFramesAreTold() throws {
    func names(_ range: Range<Int>) -> [String] { range.map { "S\(100 + $0 / 10)_001_\($0 % 10).png" } }
    let alone = try check(PlainDataset(train: (0..<60).map { $0 % 3 }, names: [.train: names(0..<60)]))
    #expect(
      try finding(alone, "recordings-by-name").message.hasPrefix("names look like frames of 6 recordings or people"))
    let both = try check(
      PlainDataset(
        train: (0..<45).map { $0 % 3 }, validation: (0..<15).map { $0 % 3 },
        names: [.train: names(0..<45), .validation: names(45..<60)]))
    #expect(try finding(both, "shared-recordings-by-name").count == 5)
  }

  @Test func groupsOnBothSidesAreTold() throws {
    let report = try check(Doubles(train: [(1, 0), (2, 1), (3, 2)], validation: [(4, 0)], group: { $0 < 3.5 ? 7 : 7 }))
    #expect(try finding(report, "shared-group").message.hasPrefix("1 of 1 groups"))
    let apart = try check(
      Doubles(train: [(1, 0), (2, 1), (3, 2)], validation: [(4, 0), (5, 1), (6, 2)], group: { $0 < 3.5 ? 7 : 8 }))
    #expect(apart.findings.isEmpty)
  }

  @Test func filesAreComparedAcrossFolders() throws {
    let root = "/tmp/sentry-check-tests-\(UUID().uuidString)"
    defer { try? FileManager.default.removeItem(atPath: root) }
    func write(_ name: String, _ text: String) throws {
      let url = URL(fileURLWithPath: "\(root)/\(name)")
      try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data(text.utf8).write(to: url)
    }
    for (name, text) in [
      ("train/a/Training_1", "1"), ("train/a/Training_2", "1"), ("train/b/Training_3", "1"),
      ("train/b/Training_4", "4"),
      ("test/a/Public_1", "1"), ("test/a/Private_2", "5"), ("test/b/Public_3", "5"), ("top", "1"), (".hidden", "1"),
    ] { try write(name, text) }
    let summary = try FileDuplicates.summary(of: root, progress: quiet)
    #expect(summary.count == 8 && summary.distinct == 3 && summary.conflictingGroups == 2)
    #expect(
      summary.overlaps.map { "\($0.count) of \($0.files) \($0.part) in \($0.of)" } == [
        "1 of 3 test/ in train/", "1 of 1 test/…/Private_* in test/…/Public_*",
        "1 of 2 test/…/Public_* in train/…/Training_*",
      ])
  }

  @Test func progressIsALineOrABar() {
    let text = Mutex("")
    let time = Mutex(0.0)
    func line(_ isTerminal: Bool) -> WorkLine {
      WorkLine(
        .bytes, isTerminal: isTerminal, columns: { 80 }, now: { time.withLock { $0 } },
        write: { piece in text.withLock { $0 += piece } })
    }
    let plain = line(false)
    plain.update("data.csv", done: 0, total: 2_000_000)
    time.withLock { $0 = 5 }
    plain.update("data.csv", done: 400_000, total: 2_000_000)
    #expect(text.withLock { $0 } == "")
    time.withLock { $0 = 10 }
    plain.update("data.csv", done: 1_000_000, total: 2_000_000)
    #expect(text.withLock { $0 } == "data.csv   50 %  1.0 MB of 2.0 MB  ETA 0:10  100.0 kB/s\n")
    text.withLock { $0 = "" }
    let bar = line(true)
    bar.update("x", done: 500, total: 2000, base: 500)
    #expect(text.withLock { $0 }.hasPrefix("\r\u{1b}[2Kx  [=="))
    #expect(text.withLock { $0 }.contains("50 %  1.0 kB of 2.0 kB"))
  }
}

/// Samples are what they are made of.
private struct Doubles: Dataset {
  let samples: [Split: [(value: Float, label: Int?)]]
  let groupOf: @Sendable (Float) -> Int?
  init(
    train: [(Float, Int?)], validation: [(Float, Int?)], test: [(Float, Int?)] = [],
    group: @escaping @Sendable (Float) -> Int? = { _ in nil }
  ) {
    func named(_ rows: [(Float, Int?)]) -> [(value: Float, label: Int?)] { rows.map { (value: $0.0, label: $0.1) } }
    samples = [.train: named(train), .validation: named(validation), .test: named(test)]
    groupOf = group
  }
  var specification: DatasetSpecification {
    DatasetSpecification(
      sample: TensorSpecification(.float32, [1]), tasks: [ClassificationTask("kind", classes: ["a", "b", "c"])])
  }
  func count(in split: Split) -> Int { samples[split]?.count ?? 0 }
  func targets(at index: Int, in split: Split) throws -> [Int?] { [samples[split]?[index].label] }
  func sample(at index: Int, in split: Split) throws -> Tensor { Tensor([1], [samples[split]?[index].value ?? 0]) }
  func name(at index: Int, in split: Split) -> String { "\(split) \(index)" }
  func group(at index: Int, in split: Split) -> Int? { groupOf(samples[split]?[index].value ?? 0) }
}
