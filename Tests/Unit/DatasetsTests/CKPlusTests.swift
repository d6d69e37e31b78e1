import CSentryPlugin
import SentryPluginAPI
import SentryTables
import SentryTestSupport
import Testing

@testable import DatasetAffectNet
@testable import DatasetCKPlus
@testable import DatasetFER2013
@testable import DatasetRAFDB

@Suite struct CKPlusTests {
  private static func open(
    _ path: String, classes: EmotionClasses = .six, peak: Int = 3, neutral: Int = 1
  ) throws -> any Dataset {
    try CKPlus.open(.init(path: path, classes: classes, peakFrames: peak, neutralFrames: neutral), host: nil)
  }

  private static let classes = ["anger", "contempt", "disgust", "fear", "happy", "sadness", "surprise"]

  private static func frame(_ subject: Int, _ recording: Int, _ frame: Int) -> String {
    func digits(_ number: Int, _ count: Int) -> String {
      String(repeating: "0", count: count - String(number).count) + String(number)
    }
    return "S\(digits(subject, 3))_\(digits(recording, 3))_\(digits(frame, 8)).png"
  }

  /// Three frames of two people in each class, as at Kaggle.
  private static func folders(_ base: String = "") throws -> TestTree {
    let tree = try TestTree()
    for (recording, name) in classes.enumerated() {
      for subject in [10 + recording, 50] {
        for last in 15...17 { try tree.image("\(base)\(name)/\(frame(subject, recording + 1, last))") }
      }
    }
    return tree
  }

  @Test func classFoldersKnowThePeople() throws {
    let tree = try Self.folders()
    let data = try Self.open(tree.path)
    #expect(Split.allCases.map(data.count) == [30, 0, 0])
    #expect(try data.tally(.train) == ["anger": 6, "fear": 6, "happy": 6, "sad": 6, "surprise": 6])
    let notes = data.specification.notes
    #expect(notes.contains("6 of 42 training images are contempt and left out"))
    #expect(notes.contains("the training images have none of neutral"))
    #expect(notes.contains("30 images of 6 people, by their names"))
    for index in 0..<data.count(in: .train) {
      let name = data.name(at: index, in: .train)
      let group = data.group(at: index, in: .train)
      #expect(group.map { name.contains("/S0\($0)_") } == true, "\(name): \(String(describing: group))")
    }
    #expect(Set((0..<30).compactMap { data.group(at: $0, in: .train) }).count == 6)
    let all = try Self.open(tree.path, classes: .eight)
    #expect(all.count(in: .train) == 42)
    #expect(try all.className(of: "/contempt/") == "contempt" && all.className(of: "/disgust/") == "disgust")
  }

  @Test func peopleInSeveralSplitsAreSaid() throws {
    let tree = try Self.folders("train/")
    try tree.image("test/happy/\(Self.frame(50, 5, 3))")
    try tree.image("test/happy/someone.png")
    let data = try Self.open(tree.path)
    #expect(data.count(in: .test) == 2)
    let notes = data.specification.notes
    #expect(notes.contains { $0.hasPrefix("1 people are in training and in test") })
    #expect(notes.contains { $0.hasPrefix("the names of 1 image tell no person") })
    #expect((0..<2).map { data.group(at: $0, in: .test) } == [50, nil])
  }

  /// Emotions by recording; the last has none.
  private static func recordings(_ emotions: [(Int, Int, frames: Int, text: String?)]) throws -> TestTree {
    let tree = try TestTree()
    for (subject, recording, frames, text) in emotions {
      let name = frame(subject, recording, frames).dropLast(4)
      let place = name.split(separator: "_").prefix(2).joined(separator: "/")
      if frames == 0 { try tree.folder("cohn-kanade-images/\(place)") }
      for number in 0..<frames {
        try tree.image("cohn-kanade-images/\(place)/\(frame(subject, recording, number + 1))", level: UInt8(number))
      }
      try tree.folder("Emotion/\(place)")
      if let text { try tree.write("Emotion/\(place)/\(name)_emotion.txt", text: text) }
    }
    return tree
  }

  @Test func theLastFramesShowTheEmotionAndTheFirstIsNeutral() throws {
    let tree = try Self.recordings([
      (5, 1, 11, "   3.0000000e+00\n"), (10, 4, 6, "   5.0000000e+00\n"), (10, 6, 3, "   6.0000000e+00\n"),
      (11, 1, 1, "7"), (12, 2, 8, nil),
    ])
    let data = try Self.open(tree.path)
    let named = try (0..<data.count(in: .train)).map { index in
      let name = data.name(at: index, in: .train).split(separator: "/").last?.dropLast(4) ?? ""
      return "\(name.dropLast(8))\(Int(name.suffix(2)) ?? -1) \(try data.classNames(.train)[index])"
    }
    #expect(
      named == [
        "S005_001_1 neutral", "S010_004_1 neutral", "S010_004_4 happy", "S010_004_5 happy", "S010_004_6 happy",
        "S010_006_1 neutral", "S010_006_2 sad", "S010_006_3 sad", "S011_001_1 surprise",
      ])
    #expect((0..<9).compactMap { data.group(at: $0, in: .train) } == [5, 10, 10, 10, 10, 10, 10, 10, 11])
    let notes = data.specification.notes
    #expect(notes.contains { $0.hasPrefix("4 of 5 recordings have an emotion: the last 3 frames of each show it") })
    #expect(notes.contains("3 of 12 training images are disgust and left out"))
    #expect(notes.contains { $0.contains("read as those of ckplus: 0 neutral, 1 anger") })
    #expect(try Self.open(tree.path, classes: .seven).tally(.train)["disgust"] == 3)
    let other = try Self.open(tree.path, peak: 1, neutral: 0)
    #expect(try other.tally(.train) == ["happy": 1, "sad": 1, "surprise": 1])
  }

  @Test(arguments: ["", "8", "-1", "1.5", "happy", "1 2", "nan", "1e300"]) func emotionsThatAreNone(text: String) throws
  {
    let tree = try Self.recordings([(5, 1, 4, text)])
    let error = failure { _ = try Self.open(tree.path) }
    #expect(error?.code == SENTRY_BAD_DATA)
    #expect(error?.message.contains("S005_001_00000004_emotion.txt: '\(text)' is not the number of an emotion") == true)
    #expect(error?.hint?.contains("7 surprise") == true)
  }

  @Test func whatContradictsOrIsMissingIsNamed() throws {
    let twice = try Self.recordings([(5, 1, 4, "3")])
    try twice.write("Emotion/S005/001/S005_001_00000003_emotion.txt", text: "5")
    #expect(failure { _ = try Self.open(twice.path) }?.message.contains("has several emotions") == true)
    let empty = try Self.recordings([(5, 1, 4, "5"), (6, 2, 0, "5")])
    #expect(
      failure { _ = try Self.open(empty.path) }?.message.contains("S006/002: the recording has an emotion and no frame")
        == true)
    let none = try Self.recordings([(5, 1, 4, nil)])
    #expect(failure { _ = try Self.open(none.path) }?.message.contains("there is no image") == true)
    let linked = try Self.recordings([(5, 1, 4, "5")])
    try linked.link("cohn-kanade-images/S005/001/\(Self.frame(5, 1, 5))", to: "gone.png")
    let data = try Self.open(linked.path)
    #expect(failure { _ = try data.sample(at: 3, in: .train) }?.message.contains("which is not there") == true)
  }

  @Test func framesOfClassFoldersAreNotChosen() throws {
    let tree = try Self.folders()
    for (name, peak, neutral) in [("peak-frames", 5, 1), ("neutral-frames", 3, 0)] {
      let error = failure { _ = try Self.open(tree.path, peak: peak, neutral: neutral) }
      #expect(error?.code == SENTRY_INVALID && error?.message.hasPrefix("dataset.\(name) has no effect: ") == true)
    }
  }

  /// One of the two parts alone, or its folder given instead of the one above.
  @Test func partsOfTheSetAreExplained() throws {
    let whole = try Self.recordings([(5, 1, 4, "3")])
    for part in ["cohn-kanade-images", "Emotion"] {
      let error = failure { _ = try Self.open("\(whole.path)/\(part)") }
      #expect(error?.code == SENTRY_INVALID && error?.message.contains("one of the two parts") == true)
      #expect(error?.hint?.contains("give --data the folder above") == true)
    }
    let images = try TestTree()
    try images.image("cohn-kanade-images/S005/001/\(Self.frame(5, 1, 1))")
    #expect(failure { _ = try Self.open(images.path) }?.message.contains("no folder Emotion/") == true)
    let emotions = try TestTree()
    try emotions.write("Emotion/S005/001/S005_001_00000004_emotion.txt", text: "3")
    #expect(failure { _ = try Self.open(emotions.path) }?.message.contains("no folder cohn-kanade-images/") == true)
  }

  /// Six classes have no contempt: that is the reason, and not a missing file.
  @Test func whyNoImageIsLeftIsSaid() throws {
    let tree = try Self.recordings([(5, 1, 4, "2")])
    let error = failure { _ = try Self.open(tree.path, neutral: 0) }
    #expect(error?.code == SENTRY_BAD_DATA)
    #expect(
      error?.message.hasSuffix("no image is left: 3 of 3 training images are contempt and left out") == true,
      "\(error?.message ?? "")")
  }

  @Test func scores() throws {
    let recordings = try Self.recordings([(5, 1, 4, "3")])
    #expect(CKPlus.score(recordings.path) == 100)
    let nested = try TestTree()
    try nested.image("extended-cohn-kanade-images/cohn-kanade-images/S005/001/\(Self.frame(5, 1, 1))")
    try nested.write("Emotion_labels/Emotion/S005/001/S005_001_00000001_emotion.txt", text: "3")
    #expect(CKPlus.score(nested.path) == 100)
    #expect(try Self.open(nested.path, classes: .seven).count(in: .train) == 1)
    for base in ["", "train/"] {
      let path = try Self.folders(base)
      #expect(
        CKPlus.score(path.path)
          > max(AffectNet.score(path.path), FER2013.score(path.path), RAFDB.score(path.path), 50))
    }
    for tree in [try TestTree.fer2013(), try TestTree.affectNet()] { #expect(CKPlus.score(tree.path) == 0) }
    #expect(CKPlus.score("/nowhere/at/all") == 0)
  }
}
