import Foundation
import SentryTestSupport
import Testing

private enum SharedCases {
  static let folder = SharedData.folder + "/cases"
  static let areThere = FileManager.default.fileExists(atPath: folder)
}

/// The inputs of `../shared/cases`, which others' faults were made of, as `sentry data` judges them today. What stands there for a
/// kind has its test and its fixture elsewhere; the rest of the cases, which need a trained model, are in ForeignCheckpointTests,
/// CalibrationTests, TransparencyTests and ResumeTests.
@Suite(.enabled(if: SharedCases.areThere, "needs ../shared/cases")) struct SharedCaseTests {
  private static let folder = SharedCases.folder

  struct Case: CustomTestStringConvertible, Sendable {
    var arguments: [String]
    var status: Int32
    var pieces: [String]
    /// - Parameter arguments: of `data check`; a path is one below the cases.
    init(_ path: String, _ arguments: [String], _ status: Int32, _ pieces: String...) {
      self.arguments = ["data", "check", "\(SharedCases.folder)/\(path)"] + arguments
      (self.status, self.pieces) = (status, pieces)
    }
    var testDescription: String { arguments[2] }
  }

  private static let (faces, fer, posture) = (
    ["--dataset", "affectnet"], ["--dataset", "fer2013"], ["--dataset", "posture"]
  )

  @Test(arguments: [
    Case("numbered-folders/fer_num", [], 64, "the class folders are numbers", "dataset.numbering=fer2013 (0 angry"),
    Case(
      "numbered-folders/rafdb/DATASET", [], 64, "the class folders are numbers", "dataset.numbering=rafdb (1 surprise"),
    Case("ck-like-subject-leak/ckplus", faces, 0, "look like frames", "4 warnings"),
    Case("contradicting-csv-rows/kag_dup", faces, 1, "is happy (labels.csv line 14) and sad (labels.csv line 50)"),
    Case("json-duplicate-keys/lb_dup", posture, 1, "the key 'train_000' is there twice", "line 1, column 758"),
    Case("json-nan-label/lb_nan", posture, 1, "line 1, column 27: NaN"),
    Case(
      "grey-and-rgb-leak/greyrgb", faces, 1, "happy_train_0.png = validation", "same_rgb.png = validation",
      "same_rgba.png"),
    Case(
      "near-duplicates/neardup", faces, 1, "bright.png (correlation", "flip.png (mirrored", "reenc.jpg",
      "rot.png (turned",
      "up.png"),
    Case("validation-lacks-classes/valmissing", fer, 1, "no validation sample is sad, surprise, fear"),
    Case("csv-backslashes/kag_backslash", faces, 0, "48 read", "writes paths with backslashes"),
    Case("csv-nfc-nfd/nf_csv", faces, 0, "49 read"),
    Case("csv-separators/fer_semi", fer, 1, "there is emotion;pixels;Usage", "semicolons"),
    Case("csv-separators/fer_tab", fer, 1, "tabs"),
    Case("csv-separators/fer_head", fer, 1, "there are label, pixels, Usage"),
    Case("csv-extra-fields/fer_trail6num", fer, 1, "line 74: has 6 fields, the header has 3"),
    Case("ferplus-beside/ferplus_both", fer, 1, "holds the votes of FER+, which are not used"),
    Case("ferplus-beside/ferplus", fer, 64, "holds the votes of FER+ on FER2013's images"),
    Case("npy-1e300/np_f8big", posture, 1, "1e+300 at row 1, column 2 is beyond the range of 32-bit floats"),
    Case("labels-with-npy-suffix/lb_withext", posture, 1, "12 of 12 names end in .npy"),
    Case(
      "feature-labels-integer-id/fl_intid/f",
      ["--dataset", "features", "--set", "dataset.labels=\(folder)/feature-labels-integer-id/fl_intid/labels.json"], 1,
      "no label for 12 of 12 vectors", "there are labels of 0, 1"),
  ])
  func theyAreJudged(item: Case) throws {
    let sandbox = try Self.sandbox()
    let outcome = try sandbox.toys(item.arguments)
    #expect(outcome.status == item.status, "\(outcome.out)\(outcome.err)")
    for piece in item.pieces {
      #expect((outcome.out + outcome.err).contains(piece), "'\(piece)' in \(outcome.out)\(outcome.err)")
    }
  }

  private static func sandbox() throws -> Sandbox {
    try Sandbox(plugins: [
      "DatasetAffectNet", "DatasetFER2013", "DatasetPosture", "DatasetFeatures", "SourcesPosture", "SourcesFaces",
    ])
  }

  /// Columns have their meaning by their names.
  @Test func columnsAreReadByName() throws {
    let sandbox = try Self.sandbox()
    for name in ["mp_ok", "mp_order"] {
      let outcome = try sandbox.toys([
        "data", "prepare", "multiposture", "\(Self.folder)/columns-by-position/\(name)/data.csv", "--output", name,
      ])
      try #require(outcome.status == 0, "\(outcome.err)")
    }
    func files(_ name: String) throws -> [String: Data] {
      let folder = "\(sandbox.root)/work/\(name)"
      let paths = try #require(FileManager.default.enumerator(atPath: folder)).compactMap { $0 as? String }
      return Dictionary(
        uniqueKeysWithValues: paths.filter { $0.hasSuffix(".npy") }.map {
          ($0, FileManager.default.contents(atPath: "\(folder)/\($0)") ?? Data())
        })
    }
    let (found, moved) = (try files("mp_ok"), try files("mp_order"))
    #expect(!found.isEmpty && found == moved)
  }

  /// A gap cuts a recording, which is said; what prepare made, check takes.
  @Test(arguments: ["openpose-gap-in-numbers/op_gap", "openpose-prepare-then-refused/op_empty"])
  func gapsAreToldAndTheirSequencesAreTaken(path: String) throws {
    let sandbox = try Self.sandbox()
    let outcome = try sandbox.toys(["data", "prepare", "openpose", "\(Self.folder)/\(path)", "--output", "out"])
    #expect(outcome.status == 0 && outcome.out.contains("cut"), "\(outcome.out)\(outcome.err)")
    let checked = try sandbox.toys(["data", "check", "out", "--dataset", "posture"])
    #expect(checked.status == 0, "\(checked.out)\(checked.err)")
  }

  /// The copies of links that the folder has lost are files with the name of their target.
  @Test func linksAreFollowedOrTold() throws {
    let sandbox = try Self.sandbox()
    let files = FileManager.default
    for (name, link, target) in [
      ("dangling-links/links", "train/happy/dangling.png", "nosuch.png"),
      ("link-loop-in-class/loop", "train/happy/up", ".."),
    ] {
      let place = "\(sandbox.root)/work/\(name.split(separator: "/")[1])"
      // Not with its permissions, which forbid to write.
      let copy = Process()
      copy.executableURL = URL(fileURLWithPath: "/bin/cp")
      copy.arguments = ["-r", "--no-preserve=mode", "\(Self.folder)/\(name)", place]
      try copy.run()
      copy.waitUntilExit()
      try files.removeItem(atPath: "\(place)/\(link)")
      try files.createSymbolicLink(atPath: "\(place)/\(link)", withDestinationPath: target)
    }
    let dangling = try sandbox.toys(["data", "check", "links", "--dataset", "affectnet"])
    #expect(
      dangling.status == 1 && dangling.out.contains("dangling.png: the link points to nosuch.png, which is not there"),
      "\(dangling.out)\(dangling.err)")
    let loop = try sandbox.toys(["data", "check", "loop", "--dataset", "affectnet"])
    #expect(loop.out.contains(#/total +36 +12/#), "\(loop.out)\(loop.err)")
  }
}
