import CSentryPlugin
import Foundation
import SentryLandmarks
import SentryPluginAPI
import Testing

@testable import SourcesPosture

@Suite struct CMUPanopticTests {
  static func source(_ options: PreparerOptions) -> CMUPanoptic { CMUPanoptic(options: options, host: QuietHost.host) }

  static func scene(_ bodies: [Int: Float]) -> String {
    let texts = bodies.sorted { $0.key < $1.key }.map { id, value in
      "{\"id\": \(id), \"joints19\": [\((0..<76).map { "\(value + Float($0))" }.joined(separator: ","))]}"
    }
    return "{\"version\": 0.7, \"bodies\": [\(texts.joined(separator: ","))]}"
  }

  static let twice: String = {
    let body = "{\"id\": 0, \"joints19\": [\((0..<76).map { "\($0)" }.joined(separator: ","))]}"
    return "{\"bodies\": [\(body),\(body)]}"
  }()

  @Test func bodiesAreFollowedAndGapsEndASequence() throws {
    let tree = try Tree()
    let frames: [[Int: Float]] = [[0: 1, 1: 2], [0: 3], [1: 4], [0: 5, 1: 6]]
    for (index, bodies) in frames.enumerated() {
      try tree.write("raw/game/hd/body3DScene_0000000\(index).json", Self.scene(bodies))
    }
    let table = try tree.write(
      "labels.csv", "sequence,subject,posture,stress\ngame_hd_body0,ann,upright,\ngame_hd_body1,bob,,1\n")
    _ = try Self.source(options(labels: table)).prepare(tree.path("raw"), to: tree.output)
    let labels = try tree.allLabels()
    #expect(labels.count == 4)
    #expect(labels["cmu_panoptic_game_hd_body0_001"] == PostureLabels(posture: 0, subject: "cmu_panoptic/ann"))
    #expect(labels["cmu_panoptic_game_hd_body1_002"] == PostureLabels(stress: 1, subject: "cmu_panoptic/bob"))
    let first = try tree.sequence("cmu_panoptic_game_hd_body0_001")
    #expect(first.shape == [2, 57])
    // Confidences, every fourth number, are left out.
    #expect(Array(first.values[0..<4]) == [1, 2, 3, 5])
  }

  @Test func labelsMustFitTheSequences() throws {
    let tree = try Tree()
    try tree.write("raw/game/body3DScene_00000000.json", Self.scene([0: 1]))
    #expect(
      try failure(tree, Self.source(options()), tree.path("raw")).message.contains(
        "none of the 1 sequences has a label"))
    let missing = try tree.write("a.csv", "sequence,posture\nother,1\n")
    #expect(
      try failure(tree, Self.source(options(labels: missing)), tree.path("raw")).message.contains(
        "no row for the sequence game_body0"))
    let unused = try tree.write("b.csv", "sequence,posture\ngame_body0,1\ngame_body7,1\n")
    #expect(
      try failure(tree, Self.source(options(labels: unused)), tree.path("raw")).message.contains(
        "unknown sequence game_body7"))
    let wrong = try tree.write("c.csv", "sequence,posture\ngame_body0,4\n")
    let error = try failure(tree, Self.source(options(labels: wrong)), tree.path("raw"))
    #expect(error.message.contains("line 2: '4' is not a class of posture"))
  }

  @Test(arguments: [
    ("'bodies' is missing", "{}"),
    ("body 0 has 3 numbers, 76 are expected", #"{"bodies": [{"id": 0, "joints19": [1, 2, 3]}]}"#),
    ("body3DScene_00000000.json", "{"), ("body3DScene_00000000.json", "[1]"),
    ("'joints19' is missing", #"{"bodies": [{"id": 0, "joints15": []}]}"#),
    ("body 0 occurs twice", twice),
  ]) func malformedFilesAreNamed(text: String, contents: String) throws {
    let tree = try Tree()
    try tree.write("raw/body3DScene_00000000.json", contents)
    let error = try failure(tree, Self.source(options()), tree.path("raw"))
    #expect(error.message.contains(text) && error.message.contains("body3DScene_00000000.json"), "\(error.message)")
    #expect(error.code == SENTRY_BAD_DATA)
  }

  @Test(.enabled(if: SharedData.has("formats/body3DScene_00000000.json"), "no ../shared/data"))
  func aRealFrameIsRead() throws {
    let tree = try Tree()
    let text = try String(contentsOfFile: SharedData.path("formats/body3DScene_00000000.json"), encoding: .utf8)
    for frame in 0..<12 { try tree.write("raw/rec/body3DScene_000000\(10 + frame).json", text) }
    _ = try Self.source(options(derive: "stress,trajectory")).prepare(tree.path("raw"), to: tree.output)
    let labels = try tree.allLabels()
    #expect(labels == ["cmu_panoptic_rec_body0_001": PostureLabels(stress: 0, trajectory: 0)])
    #expect(try tree.sequence("cmu_panoptic_rec_body0_001").shape == [12, 57])
  }
}

@Suite struct OpenPoseTests {
  static func source(_ options: PreparerOptions) -> OpenPose { OpenPose(options: options, host: QuietHost.host) }

  static func frame(_ people: [(x: Float, confidence: Float)], joints: Int = 25) -> String {
    let texts = people.map { person in
      let numbers = (0..<joints).map { "\(person.x),\(Float($0) * 10),\(person.confidence)" }.joined(separator: ",")
      return "{\"pose_keypoints_2d\":[\(numbers)]}"
    }
    return "{\"version\":1.3,\"people\":[\(texts.joined(separator: ","))]}"
  }

  @Test func onePersonIsFollowedInTheOrderOfTheFrames() throws {
    let tree = try Tree()
    let frames: [[(x: Float, confidence: Float)]] = [
      [(100, 0.9), (500, 0.2)], [(490, 0.9), (110, 0.3)], [], [(120, 0.5)],
    ]
    for (index, people) in frames.enumerated() { try tree.write("raw/clip/f\(index + 8).json", Self.frame(people)) }
    try tree.write("raw/labels.csv", "sequence,subject,posture,stress,trajectory\nclip,ann,closed,restless,2\n")
    _ = try Self.source(options()).prepare(tree.path("raw"), to: tree.output)
    let labels = try tree.allLabels()
    let expected = PostureLabels(posture: 3, stress: 2, trajectory: 2, subject: "openpose/ann")
    #expect(labels == ["openpose_clip_001": expected, "openpose_clip_002": expected])
    let first = try tree.sequence("openpose_clip_001")
    #expect(first.shape == [2, 75] && first.values[0] == 100 && first.values[75] == 110)
    #expect(try tree.sequence("openpose_clip_002").values[0] == 120)
  }

  @Test(arguments: [
    ("a person has 6 numbers", frame([(1, 1)], joints: 2)), ("'people' is missing", "{}"), ("f2.json", "nothing"),
    ("has 18 joints, the files before it 25", frame([(1, 1)], joints: 18)),
  ]) func malformedFilesAreNamed(text: String, contents: String) throws {
    let tree = try Tree()
    try tree.write("raw/f1.json", Self.frame([(1, 1)]))
    try tree.write("raw/f2.json", contents)
    let error = try failure(tree, Self.source(options(derive: "stress")), tree.path("raw"))
    #expect(error.message.contains("f2.json") && error.message.contains(text), "\(error.message)")
    #expect(error.code == SENTRY_BAD_DATA)
  }

  /// Frames of one recording; those without a person are empty, those that are missing have no file.
  private func recording(
    _ tree: Tree, _ name: String, frames: Range<Int>, empty: Range<Int>, missing: Range<Int>, step: Int = 1
  )
    throws
  {
    for frame in frames where !missing.contains(frame) {
      let people: [(x: Float, confidence: Float)] =
        empty.contains(frame) ? [] : [(x: Float(100 + frame), confidence: Float(0.9))]
      let number = String(repeating: "0", count: 12 - "\(frame * step)".count) + "\(frame * step)"
      try tree.write("raw/\(name)/\(name)_\(number)_keypoints.json", Self.frame(people))
    }
  }

  @Test func body25BIsPutInTheOrderOfBody25() throws {
    let names = KeypointLayout.body25B.keypoints
    let person = names.indices.flatMap { [Float($0), Float(100 + $0), 0.5] as [Float] }
    let same = OpenPoseLayout.body25(ofBody25B: person)
    #expect(same.count == 75)
    for (place, name) in KeypointLayout.body25.keypoints.enumerated() where name != "mid_hip" {
      #expect(same[3 * place] == names.firstIndex(of: name).map(Float.init), "\(name)")
    }
    // Between the hips, 11 and 12.
    #expect(Array(same[24..<27]) == [11.5, 111.5, 0.5])
  }

  @Test(arguments: [1, 5]) func gapsCutARecordingWhichStaysInOneSplit(step: Int) throws {
    for isMissing in [false, true] {
      let tree = try Tree()
      let (gap, none) = (10..<15, 0..<0)
      try recording(
        tree, "cam1", frames: 0..<40, empty: isMissing ? none : gap, missing: isMissing ? gap : none, step: step)
      try tree.write("raw/labels.csv", "sequence,subject,posture\ncam1,ann,upright\n")
      let report = try Self.source(options()).prepare(tree.path("raw"), to: tree.output)
      #expect(report.samples == ["train": 2])
      #expect(try tree.sequence("openpose_cam1_001").shape == [10, 75])
      #expect(try tree.sequence("openpose_cam1_002").shape == [25, 75])
      let note = try #require(
        report.notes.first { $0.hasPrefix("cam1 is cut into 2 sequences, which stay in one split: ") })
      if step == 1 {
        #expect(note.hasSuffix(isMissing ? "frames 10 to 14 have no files" : "frames 10 to 14 without the person"))
      }
    }
  }

  @Test func recordingsOfOnePersonArePartedOnlyWhenAsked() throws {
    let tree = try Tree()
    for name in ["a", "b", "c"] { try recording(tree, name, frames: 0..<12, empty: 5..<6, missing: 0..<0) }
    try tree.write("raw/labels.csv", "sequence,subject,posture\na,ann,0\nb,ann,1\nc,ann,0\n")
    let whole = try Self.source(options()).prepare(tree.path("raw"), to: tree.output)
    #expect(whole.samples == ["train": 6] && whole.datasetOptions == nil)
    #expect(whole.notes.contains { $0.contains("--set split=recording") })
    var asked = options()
    asked.split = .recording
    let parted = try Self.source(asked).prepare(tree.path("raw"), to: tree.path("other"))
    #expect(parted.samples == ["train": 4, "val": 2])
    #expect(parted.datasetOptions == ["allow-shared-subjects": true], "what the next command needs")
    #expect(
      parted.notes.contains {
        $0.hasPrefix("split by recording: 1 of 3") && $0.hasSuffix("one person may be on both sides")
      })
  }

  @Test func peopleAreUnknownWithoutATable() throws {
    let tree = try Tree()
    for name in ["a", "b"] { try recording(tree, name, frames: 0..<30, empty: 10..<11, missing: 20..<22) }
    let report = try Self.source(options(derive: "trajectory")).prepare(tree.path("raw"), to: tree.output)
    #expect(report.notes.contains { $0.hasPrefix("split by recording: 1 of 2") && $0.contains("people are unknown") })
    for split in ["train", "val"] { #expect(Set(try tree.labels(split).keys.map { $0.prefix(10) }).count <= 1) }
  }

  @Test func namesOfFramesTellTheirPlaces() {
    func missing(_ names: [String]) -> [Int] {
      let numbers = FrameNumbers(names)
      return names.indices.map(numbers.missing)
    }
    #expect(missing(["f8.json", "f9.json", "f12.json"]) == [0, 0, 2])
    #expect(missing(["0.json", "5.json", "10.json", "20.json"]) == [0, 0, 0, 1])
    #expect(missing(["a.json", "b.json"]) == [0, 0], "names that tell nothing")
    #expect(missing(["a1.json", "a2.json", "b1.json"]) == [0, 0, 0], "two recordings")
    #expect(missing([]) == [])
  }

  @Test(.enabled(if: SharedData.has("posture/openpose_pose2sim"), "no ../shared/data"))
  func theRealRecordingIsPrepared() throws {
    let tree = try Tree()
    var options = options(derive: "stress,trajectory", minFrames: 30)
    let raw = SharedData.path("posture/openpose_pose2sim")
    // It is of BODY_25B, which is not taken for BODY_25.
    let error = try failure(tree, Self.source(options), raw)
    #expect(error.message.contains("are not in the order of BODY_25"))
    #expect(error.hint?.contains("--set keypoints=body-25b") == true)
    options.keypoints = "body-25b"
    let report = try Self.source(options).prepare(raw, to: tree.output)
    let labels = try tree.allLabels()
    // A camera that never sees both shoulders gives no measure, and no label.
    #expect(!labels.isEmpty && labels.values.allSatisfy { !$0.isEmpty && $0.posture == nil })
    #expect(report.notes.contains { $0.contains("people are unknown") })
    for name in labels.keys { #expect(try tree.sequence(name).shape[1] == 75) }
  }
}

@Suite struct BoLDTests {
  static func source() -> BoLD { BoLD(options: options(), host: QuietHost.host) }

  static func row(
    _ clip: String, person: Int, frames: ClosedRange<Int>, ratings: [String: Float] = [:], arousal: Float = 0.5,
    valence: Float = 0.5
  ) -> String {
    let emotions = BoLD.emotions.map { "\(ratings[$0] ?? 0)" }
    let head = ["\(clip).mp4", "\(person)", "\(frames.lowerBound)", "\(frames.upperBound)"]
    return (head + emotions + ["\(valence)", "\(arousal)", "0.5", "Male", "Adult", "White"]).joined(separator: ",")
  }

  static func joints(_ rows: [(frame: Int, person: Int)]) -> [Float] {
    rows.flatMap { row in [Float(row.frame), Float(row.person)] + (0..<54).map { Float(row.frame * 100 + $0) } }
  }

  @Test func clipsAreCutOutAndRated() throws {
    let tree = try Tree()
    let rows = [(1, 0), (2, 0), (2, 1), (3, 0), (4, 0)].map { (frame: $0.0, person: $0.1) }
    for clip in ["003/film-a.mp4/0001", "003/film-a.mp4/0002", "004/film-b.mp4/0001"] {
      try tree.array("raw/joints/\(clip).npy", Self.joints(rows), shape: [rows.count, 56])
    }
    let table = [
      Self.row("003/film-a.mp4/0001", person: 0, frames: 2...3, ratings: ["fear": 0.6, "peace": 1]),
      Self.row("003/film-a.mp4/0002", person: 1, frames: 0...9, arousal: 0.8, valence: 0.3),
      Self.row("004/film-b.mp4/0001", person: 0, frames: 1...4, ratings: ["peace": 0.5]),
      Self.row("004/film-b.mp4/0001", person: 9, frames: 1...4),
    ]
    try tree.write("raw/annotations/train.csv", table.joined(separator: "\n"))
    let report = try Self.source().prepare(tree.path("raw"), to: tree.output)
    let labels = try tree.allLabels()
    #expect(
      labels.mapValues(\.stress) == [
        "bold_003_film-a.mp4_0001_p0_f2": 2, "bold_003_film-a.mp4_0002_p1_f0": 1, "bold_004_film-b.mp4_0001_p0_f1": 0,
      ])
    let cut = try tree.sequence("bold_003_film-a.mp4_0001_p0_f2")
    #expect(cut.shape == [2, 54] && cut.values[0] == 200 && cut.values[54] == 300)
    #expect(report.notes.contains(BoLD.rule))
    // A copy with a header, whose ratings stand in another order.
    let names = ["video", "person", "first", "last"] + BoLD.emotions.reversed() + ["valence", "arousal", "dominance"]
    let turned = table.map { row -> String in
      let fields = row.split(separator: ",").map(String.init)
      return (fields[..<4] + fields[4..<30].reversed() + fields[30..<33]).joined(separator: ",")
    }
    try tree.write("raw/annotations/train.csv", ([names.joined(separator: ",")] + turned).joined(separator: "\n"))
    _ = try Self.source().prepare(tree.path("raw"), to: tree.path("other"))
    for split in ["train", "val"] {
      let file = "\(split)/labels.json"
      #expect(
        try String(contentsOfFile: tree.path("other/\(file)"), encoding: .utf8)
          == String(contentsOfFile: tree.path("posture/\(file)"), encoding: .utf8))
    }
    #expect(report.notes.contains("1 clips in which the person has no joints are left out"))
    let train = Set(try tree.labels("train").keys.map { $0.prefix(8) })
    #expect(train.isDisjoint(with: Set(try tree.labels("val").keys.map { $0.prefix(8) })), "films stay together")
  }

  @Test func malformedInputsAreNamed() throws {
    let tree = try Tree()
    func expect(_ text: String, _ row: String) throws {
      try tree.write("raw/annotations/train.csv", row)
      let error = try failure(tree, Self.source(), tree.path("raw"))
      #expect(error.message.contains(text) && error.code == SENTRY_BAD_DATA, "\(error.message)")
    }
    try expect("line 1: names a clip without joints", Self.row("a/b/c", person: 0, frames: 1...2))
    try expect("line 1: has 3 fields", "a/b.mp4,0,1")
    try expect("'../../etc/b.mp4' is not the path of a clip", Self.row("../../etc/b", person: 0, frames: 1...2))
    try expect(
      "person and frames must be integers",
      Self.row("a/b/c", person: 0, frames: 1...2).replacing(",1,2,", with: ",2,1,"))
    try tree.array("raw/joints/a/b/c.npy", [1, 2, 3], shape: [3])
    try expect("c.npy: has the shape [3], (rows, 56) is expected", Self.row("a/b/c", person: 0, frames: 1...2))
    try tree.array("raw/joints/a/b/c.npy", [.nan] + [Float](repeating: 0, count: 55), shape: [1, 56])
    try expect("c.npy: row 0 has no frame or person number", Self.row("a/b/c", person: 0, frames: 0...2))
    try tree.array("raw/joints/a/b/c.npy", [1, 0] + [Float](repeating: .nan, count: 54), shape: [1, 56])
    try expect("c.npy: holds NaN or infinity", Self.row("a/b/c", person: 0, frames: 0...2, ratings: ["peace": 1]))
  }
}

@Suite struct FigshareTests {
  static func source() -> Figshare { Figshare(options: options(derive: "stress"), host: QuietHost.host) }

  static func table(_ rows: [(String, Float)], values: Int = 36) -> String {
    let header = (["frame"] + (0..<values).map { "k\($0)" } + ["label"]).joined(separator: ",")
    return
      ([header]
      + rows.enumerated().map { index, row in
        (["\(index).jpg"] + (0..<values).map { "\(row.1 + Float($0))" } + [row.0]).joined(separator: ",")
      }).joined(separator: "\n")
  }

  @Test func runsOfSittingAndStanding() throws {
    let tree = try Tree()
    let rows = (0..<6).map { ("sit", Float($0 % 2)) } + (0..<4).map { _ in ("Standing", Float(0)) } + [("sitting", 0)]
    let raw = try tree.write("figshare.csv", Self.table(rows))
    let report = try Self.source().prepare(raw, to: tree.output)
    let labels = try tree.allLabels()
    #expect(labels.mapValues(\.posture) == ["figshare_00001": 1, "figshare_00002": 0, "figshare_00003": 1])
    #expect(labels.mapValues(\.stress) == ["figshare_00001": 2, "figshare_00002": 0, "figshare_00003": nil])
    #expect(report.notes.contains { $0.contains("people are unknown") })
    #expect(try tree.sequence("figshare_00001").shape == [6, 36])
  }

  @Test func malformedTablesAreNamed() throws {
    let tree = try Tree()
    let lying = try tree.write("a.csv", Self.table([("lie", 0)]))
    #expect(
      try failure(tree, Self.source(), lying).message.contains(
        "a.csv: line 2: the label 'lie' is neither sit nor stand"))
    let narrow = try tree.write("b.csv", Self.table([("sit", 0)], values: 20))
    #expect(try failure(tree, Self.source(), narrow).message.contains("20 columns of landmarks, 36 or 54 are expected"))
    let bare = try tree.write("c.csv", "x,y\n1,2\n")
    #expect(try failure(tree, Self.source(), bare).message.contains("the header has no column label"))
  }

  /// The values of one frame under these columns; each column holds its place in the order that is right.
  private func frame(_ names: [String]) throws -> [Float] {
    let tree = try Tree()
    let shuffled = names.indices.sorted { ($0 * 7) % names.count < ($1 * 7) % names.count }
    let header = (["label"] + shuffled.map { names[$0] }).joined(separator: ",")
    let row = (["sit"] + shuffled.map { "\($0)" }).joined(separator: ",")
    let raw = try tree.write("f.csv", [header, row, row, row].joined(separator: "\n"))
    _ = try Figshare(options: options(), host: QuietHost.host).prepare(raw, to: tree.output)
    return Array(try tree.sequence("figshare_00001").values.prefix(names.count))
  }

  @Test func columnsAreFoundByTheirNames() throws {
    let long = [
      "Nose", "Neck", "Right_Shoulder", "Right_Elbow", "Right_Wrist", "Left_Shoulder", "Left_Elbow", "Left_Wrist",
      "Right_Hip",
      "Right_Knee", "Right_Ankle", "Left_Hip", "Left_Knee", "Left_Ankle", "Right_Eye", "Left_Eye", "Right_Ear",
      "Left_Ear",
    ]
    #expect(try frame(long.flatMap { ["\($0)_x", "\($0)_y"] }) == (0..<36).map(Float.init))
    #expect(try frame((1...18).flatMap { ["x\($0)", "y\($0)"] }) == (0..<36).map(Float.init))
    #expect(try frame((0..<18).flatMap { ["kp\($0)_x", "kp\($0)_y", "kp\($0)_conf"] }) == (0..<54).map(Float.init))
    #expect(try frame((0..<36).map { "\($0)" }) == (0..<36).map(Float.init))
  }

  @Test func columnsThatTellNothingAreNamed() throws {
    let tree = try Tree()
    func header(_ last: String) -> String { (["label"] + (0..<35).map { "k\($0)" } + [last]).joined(separator: ",") }
    let twice = try tree.write("a.csv", header("k3") + "\n")
    #expect(try failure(tree, Self.source(), twice).message.contains("k3"))
    let odd = try tree.write("b.csv", header("hello") + "\n")
    #expect(try failure(tree, Self.source(), odd).message.contains("do not say which joint's"))
  }
}
