import CSentryPlugin
import Foundation
import SentryFormats
import SentryPluginAPI
import SentryPosture
import Testing

@testable import DatasetPosture

@Suite struct PostureDatasetTests {
  private let tree: Tree
  init() throws { tree = try Tree() }

  private func open(_ change: (inout PostureOptions) -> Void = { _ in }) throws -> PostureDataset {
    var options = PostureOptions()
    (options.path, options.sequenceLength) = (tree.path, 4)
    change(&options)
    return try PostureDataset(options, host: nil)
  }

  /// Two training sequences of 9 and 3 frames, one of validation of 9.
  private func small() throws {
    try tree.array("train/sequences/a.npy", [9, 2])
    try tree.array("train/sequences/b.npy", [3, 2], from: 100)
    try tree.array("val/sequences/c.npy", [9, 2])
    try tree.write(
      "train/labels.json", text: #"{"a": {"posture": 1, "stress": 2, "trajectory": 0}, "b": {"posture": 0}}"#)
    try tree.write("val/labels.json", text: #"{"c": {"posture": 1, "stress": 3}}"#)
  }

  @Test func windowsOverlapInTrainingOnly() throws {
    try small()
    let data = try open()
    #expect(data.specification.sample == TensorSpecification(.float32, [4, 2], layout: "TF"))
    #expect(data.specification.tasks == PostureTasks.all)
    // a: 0, 2, 4; b: one that is filled up. c: 0, 4.
    #expect(Split.allCases.map(data.count) == [4, 2, 0])
    #expect(try data.sample(at: 1, in: .train).array(of: Float.self) == [4, 5, 6, 7, 8, 9, 10, 11])
    #expect(try data.sample(at: 1, in: .validation).array(of: Float.self) == [8, 9, 10, 11, 12, 13, 14, 15])
    #expect(try data.sample(at: 3, in: .train).array(of: Float.self) == [100, 101, 102, 103, 104, 105, 104, 105])
    #expect(try data.targets(at: 0, in: .train) == [1, 2, 0])
    #expect(try data.targets(at: 3, in: .train) == [0, nil, nil])
    #expect(data.name(at: 1, in: .train).hasSuffix("train/sequences/a.npy frames 2 to 5"))
    let notes = data.specification.notes.joined(separator: "\n")
    #expect(notes.contains("1 training sequence shorter than 4 frames, padded with the last frame: b"))
    #expect(notes.contains("subjects are not known"))
    #expect(failure { _ = try data.sample(at: 4, in: .train) } != nil)
  }

  @Test func windowsOfOneSequenceAreOneGroup() throws {
    try small()
    let data = try open()
    let groups = (0..<4).map { data.group(at: $0, in: .train) }
    #expect(groups[0] == groups[1] && groups[0] == groups[2] && groups[0] != groups[3])
    #expect(data.group(at: 0, in: .validation) != groups[0])
  }

  @Test func windowsOfOneSubjectAreOneGroup() throws {
    for name in ["a", "b", "c"] { try tree.array("sequences/\(name).npy", [4, 2]) }
    try tree.write(
      "labels.json",
      text:
        #"{"a": {"posture": 1, "subject": "x"}, "b": {"posture": 0, "subject": "y"}, "c": {"posture": 0, "subject": "x"}}"#
    )
    let data = try open()
    #expect(Split.allCases.map(data.count) == [3, 0, 0])
    #expect(data.group(at: 0, in: .train) == data.group(at: 2, in: .train))
    #expect(data.group(at: 0, in: .train) != data.group(at: 1, in: .train))
    #expect(data.specification.groups == .subjects)
    // The host holds a part out and says so: once.
    #expect(!data.specification.notes.contains { $0.contains("validation") })
  }

  @Test func recordingsAreNoSubjects() throws {
    try small()
    #expect(try open().specification.groups == .recordings)
    try tree.write(
      "train/labels.json",
      text: #"{"a": {"posture": 1, "recording": 7}, "b": {"posture": 0, "recording": "7"}}"#)
    let data = try open()
    #expect(data.group(at: 0, in: .train) == data.group(at: 3, in: .train))
    #expect(data.specification.groups == .recordings)
  }

  @Test(arguments: ["val", "test"]) func aFolderToEvaluateOnNeedsNoTraining(split: String) throws {
    try tree.array("\(split)/sequences/c.npy", [9, 2])
    try tree.write("\(split)/labels.json", text: #"{"c": {"posture": 1}}"#)
    let data = try open()
    #expect(Split.allCases.map(data.count) == (split == "val" ? [0, 2, 0] : [0, 0, 2]))
    #expect(PostureDataset.score(tree.path) == 100)
  }

  @Test func aNumberBeyondFloatsIsTold() throws {
    try small()
    var values = [Double](repeating: 0, count: 18)
    values[5] = 1e300
    try NPYFile.write(
      StoredTensor(
        dtype: .f64, shape: [9, 2], bytes: values.flatMap { withUnsafeBytes(of: $0.bitPattern) { Array($0) } }),
      to: "\(tree.path)/train/sequences/a.npy")
    let error = failure { _ = try open().sample(at: 0, in: .train) }
    #expect(error?.message.contains("1e+300 at row 2, column 1 is beyond the range of 32-bit floats") == true)
  }

  @Test func namesWithTheirSuffixAreTold() throws {
    try small()
    try tree.write("train/labels.json", text: #"{"a.npy": {"posture": 1}, "b.npy": {"posture": 0}}"#)
    let error = failure { _ = try open() }
    #expect(error?.message.contains("2 of 2 names end in .npy: a.npy, b.npy") == true)
    #expect(error?.hint?.contains("without .npy") == true)
  }

  @Test func linksToNowhereAreNotPassedOver() throws {
    try small()
    try FileManager.default.createSymbolicLink(
      atPath: "\(tree.path)/train/sequences/z.npy", withDestinationPath: "/nowhere/z.npy")
    #expect(failure { _ = try open() }?.message.contains("z.npy: the link points to /nowhere/z.npy") == true)
  }

  @Test func subjectsOnTwoSidesAreRefusedUnlessAllowed() throws {
    try small()
    try tree.write(
      "train/labels.json", text: #"{"a": {"posture": 1, "subject": "p"}, "b": {"posture": 0, "subject": "q"}}"#)
    try tree.write("val/labels.json", text: #"{"c": {"posture": 1, "subject": "p"}}"#)
    #expect(failure { _ = try open() }?.message.contains("more than one split: p") == true)
    let data = try open { $0.allowSharedSubjects = true }
    #expect(data.specification.notes.contains { $0.contains("1 subjects are in more than one split (p)") })
    try tree.write("val/labels.json", text: #"{"c": {"posture": 1, "subject": "r"}}"#)
    let apart = try open().specification.notes
    #expect(apart.contains("3 subjects, none of them in more than one split"))
  }

  /// Every frame of the given windows once, without what fills up, and nothing of other sequences.
  @Test func statisticsAreOfTheGivenWindows() throws {
    try small()
    let data = try open()
    let all = try data.statistics(of: [0, 1, 2], in: .train)
    // Frames 0 to 7 of a: 0, 2, …, 14 and 1, 3, …, 15.
    #expect(all.mean == [7, 8])
    #expect(all.std.allSatisfy { abs($0 - 21.0.squareRoot()) < 1e-12 } && all.source == "8 frames of training")
    #expect(try data.statistics(of: [3], in: .train).mean == [102, 103])
    try tree.array("mean.npy", [2], values: [1, 2])
    let half = failure { _ = try open() }
    #expect(half?.message.contains("of mean.npy and std.npy only") == true)
    try tree.array("std.npy", [1, 2], values: [3, 4])
    let given = try open().statistics(of: [0], in: .train)
    #expect(given.mean == [1, 2] && given.std == [3, 4] && given.source?.hasPrefix("mean.npy") == true)
    try tree.array("std.npy", [3], values: [3, 4, 5])
    #expect(failure { _ = try open() }?.message.contains("std.npy: has the shape [3], but sequences have 2") == true)
    try tree.array("std.npy", [2], values: [3, -4])
    #expect(failure { _ = try open() }?.message.contains("a deviation is negative") == true)
  }

  @Test(arguments: ["f2", "f4", "f8", "i4", "i8", "u1"]) func everyFormOfArray(type: String) throws {
    for order in ["c", "f"] {
      for end in ["little", "big"] {
        try tree.copy("forms/\(type)_\(order)_\(end).npy", to: "train/sequences/\(order)\(end).npy")
      }
    }
    for version in 1...3 { try tree.copy("forms/version\(version).npy", to: "train/sequences/v\(version).npy") }
    let names = ["clittle", "cbig", "flittle", "fbig", "v1", "v2", "v3"]
    let labels = names.map { #""\#($0)": {"posture": 0}"# }.joined(separator: ",")
    try tree.write("train/labels.json", text: "{\(labels)}")
    let data = try open()
    #expect(data.count(in: .train) == 7)
    for index in 0..<7 {
      #expect(try data.sample(at: index, in: .train).array(of: Float.self) == (0..<12).map(Float.init))
    }
  }

  @Test func whatIsNoSequenceIsRefusedByName() throws {
    try small()
    try tree.array("train/sequences/cube.npy", [2, 2, 2])
    try tree.array("train/sequences/none.npy", [0, 2])
    try tree.copy("object.npy", to: "train/sequences/object.npy")
    try tree.write("train/sequences/text.npy", text: "this is no array at all")
    let whole = try NPYFileBytes.read("\(tree.path)/train/sequences/a.npy")
    try tree.write("train/sequences/cut.npy", bytes: Array(whole.dropLast(3)))
    let error = failure { _ = try open() }
    #expect(error?.code == SENTRY_BAD_DATA)
    let message = error?.message ?? ""
    #expect(message.contains("5 files cannot be used"))
    for part in [
      "cube.npy: has the shape [2, 2, 2]", "none.npy: has the shape [0, 2]", "object.npy: has elements of type |O",
      "text.npy: is not an .npy file", "cut.npy: has 69 bytes of data",
    ] { #expect(message.contains(part), "\(part) in \(message)") }
  }

  @Test func widthsMustAgree() throws {
    try small()
    try tree.array("val/sequences/c.npy", [9, 3])
    let message = failure { _ = try open() }?.message ?? ""
    #expect(
      message.contains("sequences differ in their number of features: 2 in 2 files") && message.contains("3 in 1 file"))
  }

  @Test func whatIsNoNumberIsFoundWhereItIs() throws {
    try small()
    try tree.array("train/sequences/b.npy", [3, 2], values: [0, 1, 2, .nan, 4, 5])
    let data = try open()
    let error = failure { _ = try data.sample(at: 3, in: .train) }
    #expect(error?.message.hasSuffix("b.npy: nan at row 1, column 1") == true && error?.code == SENTRY_BAD_DATA)
    // The rest can still be measured: a run may leave the sequence out with --skip-bad.
    #expect(try data.statistics(of: [0, 1, 2, 3], in: .train).mean == [7, 8])
    #expect(failure { _ = try data.statistics(of: [3], in: .train) }?.message == "no training sequence can be read")
  }

  @Test func whatIsMissingIsSaid() throws {
    #expect(failure { _ = try open() }?.message.contains("holds neither train/sequences/ nor sequences/") == true)
    try tree.array("train/sequences/a.npy", [9, 2])
    #expect(failure { _ = try open() }?.message.contains("train/labels.json") == true)
    try tree.write("train/labels.json", text: #"{"a": {"posture": 0}, "ghost": {"posture": 0}}"#)
    #expect(failure { _ = try open() }?.message.contains("labels of 1 sequences that are not in") == true)
    #expect(
      failure { _ = try open { $0.path = nil } }?.message.contains("posture needs the path of its data") == true)
  }

  @Test func labelsByRuleOnlyWhenAskedFor() throws {
    // 15 features: a chest that opens, and one that is at rest.
    func frame(_ chest: Float, stillness: Float) -> [Float] {
      var values = [Float](repeating: 0, count: 15)
      (values[3], values[9]) = (chest, stillness)
      return values
    }
    let opening = (0..<20).flatMap { frame(0.05 + 0.01 * Float($0), stillness: 0.2) }
    let resting = (0..<20).flatMap { _ in frame(0.2, stillness: 0.99) }
    try tree.array("train/sequences/opening.npy", [20, 15], values: opening)
    try tree.array("train/sequences/resting.npy", [20, 15], values: resting)
    try tree.write(
      "train/labels.json", text: #"{"opening": {"posture": 2}, "resting": {"posture": 0, "trajectory": 1}}"#)
    let plain = try open { $0.sequenceLength = 20 }
    #expect(try plain.targets(at: 0, in: .train) == [2, nil, nil])
    let data = try open { ($0.sequenceLength, $0.deriveLabels) = (20, true) }
    #expect(try data.targets(at: 0, in: .train) == [2, 0, 2])
    #expect(try data.targets(at: 1, in: .train) == [0, 3, 1])
    #expect(
      data.specification.notes.contains("2 labels of stress derived by the feature rule (derive-labels), not observed"))
    #expect(
      data.specification.notes.contains(
        "1 label of trajectory derived by the feature rule (derive-labels), not observed"))
  }

  @Test func derivingNeedsFeaturesThatItKnows() throws {
    try small()
    let error = failure { _ = try open { $0.deriveLabels = true } }
    #expect(error?.message.contains("the sequences have 2") == true)
  }

  @Test func itsOwnLayoutIsRecognised() throws {
    #expect(PostureDataset.score(tree.path) == 0)
    try small()
    #expect(PostureDataset.score(tree.path) == 100)
    #expect(PostureDataset.score("\(tree.path)/train") == 100)
    #expect(PostureDataset.score("\(tree.path)/train/labels.json") == 0)
  }
}

enum NPYFileBytes {
  static func read(_ path: String) throws -> [UInt8] { [UInt8](try Data(contentsOf: URL(fileURLWithPath: path))) }
}
