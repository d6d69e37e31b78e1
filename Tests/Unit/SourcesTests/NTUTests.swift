import CSentryPlugin
import SentryPluginAPI
import Testing

@testable import SourcesPosture

@Suite struct NTUTests {
  static func source(_ options: PreparerOptions = options()) -> NTUSkeleton {
    NTUSkeleton(options: options, host: QuietHost.host)
  }

  static func body(_ value: Float, joints: Int = 25, numbers: Int = 12) -> [String] {
    ["72057594037931101 0 1 1 1 1 0 0.02 0.05 2", "\(joints)"]
      + (0..<joints).map { joint in
        (0..<numbers).map { "\(value + Float(joint) + Float($0) / 10)" }.joined(separator: " ")
      }
  }

  static func file(_ frames: [[[String]]]) -> String {
    (["\(frames.count)"] + frames.flatMap { ["\($0.count)"] + $0.flatMap(\.self) }).joined(separator: "\n") + "\n"
  }

  @Test func theFirstBodyOfEachFrameIsRead() throws {
    let tree = try Tree()
    let two = Self.file([[Self.body(1), Self.body(5)], [], [Self.body(2)]])
    try tree.write("raw/S001C001P001R001A013.skeleton", two)
    try tree.write("raw/S001C001P002R001A024.skeleton", Self.file([[Self.body(0)]]))
    try tree.write("raw/S001C001P003R001A001.skeleton", Self.file([[], []]))
    let report = try Self.source().prepare(tree.path("raw"), to: tree.output)
    let labels = try tree.allLabels()
    #expect(labels.count == 2)
    #expect(
      labels["ntu_skeleton_S001C001P001R001A013"] == PostureLabels(posture: 1, subject: "ntu_skeleton/P001"),
      "stress is unknown, not calm")
    #expect(
      labels["ntu_skeleton_S001C001P002R001A024"] == PostureLabels(posture: 2, stress: 2, subject: "ntu_skeleton/P002"))
    let sequence = try tree.sequence("ntu_skeleton_S001C001P001R001A013")
    #expect(sequence.shape == [2, 75])
    #expect(Array(sequence.values[0..<4]) == [1, 1.1, 1.2, 2])
    #expect(sequence.values[75] == 2)
    #expect(report.notes.contains("1 files hold no body in any frame and are left out"))
  }

  @Test func actionsMapAsTheReferenceSays() {
    #expect((1...60).map(NTUSkeleton.posture).map { "\($0)" }.joined().count == 60)
    #expect([1, 10, 11, 20, 21, 26, 27, 30, 31, 60].map(NTUSkeleton.posture) == [0, 0, 1, 1, 2, 2, 0, 0, 2, 2])
    #expect([1, 20, 21, 26, 27, 30, 31, 34, 35].map(NTUSkeleton.stress) == [nil, nil, 2, 2, nil, nil, 2, 2, nil])
  }

  @Test func stressIsDerivedWhereTheActionSaysNothing() throws {
    let tree = try Tree()
    let still = Self.file((0..<20).map { _ in [Self.body(1)] })
    let wild = Self.file((0..<20).map { [Self.body($0 % 2 == 0 ? 0 : 3)] })
    try tree.write("raw/S001C001P001R001A013.skeleton", still)
    try tree.write("raw/S001C001P002R001A013.skeleton", wild)
    _ = try Self.source(options(derive: "stress")).prepare(tree.path("raw"), to: tree.output)
    let labels = try tree.allLabels()
    #expect(labels["ntu_skeleton_S001C001P001R001A013"]?.stress == 0)
    #expect(labels["ntu_skeleton_S001C001P002R001A013"]?.stress == 2)
  }

  @Test(arguments: [
    ("line 4: a body has 20 joints", file([[body(0, joints: 20)]])),
    ("line 5: a joint has 3 numbers, 12 are expected: the file has another layout", file([[body(0, numbers: 3)]])),
    ("the file ends before the number of bodies: it is truncated", "3\n"),
    ("line 1: '' is not the number of frames", "\n"),
    ("line 1: 'x' is not the number of frames", "x\n"),
    ("line 1: '99999999999' is not the number of frames", "99999999999\n"),
    ("line 1: '-1' is not the number of frames", "-1\n"),
    ("the file continues after the last frame", file([[body(0)]]) + "7\n"),
    ("is not a finite number", file([[body(0)]]).replacing("24.0 ", with: "nan ")),
  ]) func malformedFilesAreNamed(text: String, contents: String) throws {
    let tree = try Tree()
    try tree.write("raw/S001C001P001R001A013.skeleton", contents)
    let error = try failure(tree, Self.source(), tree.path("raw"))
    #expect(error.message.contains("S001C001P001R001A013.skeleton") && error.message.contains(text), "\(error.message)")
    #expect(error.code == SENTRY_BAD_DATA)
  }

  @Test func aNameThatSaysNothingIsRefused() throws {
    let tree = try Tree()
    try tree.write("raw/walk.skeleton", Self.file([[Self.body(0)]]))
    #expect(
      try failure(tree, Self.source(), tree.path("raw")).message.contains(
        "walk.skeleton: the file name has an unknown form"))
  }

  @Test(.enabled(if: SharedData.has("formats/S001C001P001R001A001.skeleton"), "no ../shared/data"))
  func realFilesAreReadOrRefused() throws {
    let tree = try Tree()
    let other = try failure(tree, Self.source(), SharedData.path("formats/S001C001P001R001A001.skeleton"))
    #expect(
      other.message.contains(
        "line 3: the description of a body has 1 numbers, 10 are expected: the file has another layout"))
    let cut = SharedData.path("formats/real_ntu_excerpt.txt")
    let error = #expect(throws: PluginError.self) { try NTUSkeletonFile.read(cut) }
    #expect(error?.message.contains("it is truncated") == true)
  }
}
