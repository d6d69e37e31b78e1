import SentryPluginAPI
import SentryTables
import SentryTestSupport
import Testing

@testable import DatasetFER2013

/// On the real FER2013, where it lies beside the project.
@Suite struct FER2013RealTests {
  @Test(.enabled(if: SharedData.expects("fer2013_csv/fer2013_sample.csv"), "needs ../shared/data/fer2013_csv"))
  func theSampleOfTheTable() throws {
    let data = try FER2013FoldersTests.open(SharedData.path("fer2013_csv"))
    for (split, count) in [(Split.train, 100), (.validation, 20), (.test, 20)] {
      #expect(
        try data.tally(split)
          == Dictionary(uniqueKeysWithValues: ClassVocabulary.emotion.classes.map { ($0, count) }))
    }
    #expect(data.specification.notes.contains("100 of 700 training images are disgust and left out"))
    // Every row is a face, not a flat picture.
    for index in stride(from: 0, to: data.count(in: .train), by: 50) {
      #expect(Set(try data.pixels(at: index)).count > 20)
    }
  }

  /// The published counts, by the names in the archive, through the same rules as folders on disk: two files of each
  /// folder are unpacked and opened.
  @Test(.enabled(if: SharedData.expects("fer2013.tar"), "needs ../shared/data/fer2013.tar"))
  func theArchive() throws {
    let tree = try TestTree()
    var counts: [String: Int] = [:]
    try TarFile(SharedData.path("fer2013.tar")).forEachFile { name, bytes in
      let parts = name.split(separator: "/")
      guard parts.count == 4, let kind = parts[3].split(separator: "_").first else { return }
      counts["\(kind)", default: 0] += 1
      let key = "\(kind)/\(parts[2])"
      counts[key, default: 0] += 1
      if counts[key, default: 0] <= 2 { try tree.write(name, Array(bytes())) }
    }
    #expect(counts["Training"] == 28_709)
    #expect(counts["PublicTest"] == 3_589)
    #expect(counts["PrivateTest"] == 3_589)
    let training = [
      "angry": 3995, "disgust": 436, "fear": 4097, "happy": 7215, "sad": 4830, "surprise": 3171, "neutral": 4965,
    ]
    for (name, count) in training { #expect(counts["Training/\(name)"] == count) }

    let data = try FER2013FoldersTests.open("\(tree.path)/fer2013")
    for split in Split.allCases {
      #expect(
        try data.tally(split) == Dictionary(uniqueKeysWithValues: ClassVocabulary.emotion.classes.map { ($0, 2) }))
      for index in 0..<data.count(in: split) {
        #expect(try data.sample(at: index, in: split).shape == [48, 48, 1])
      }
    }
    #expect(FER2013.score("\(tree.path)/fer2013") >= 90)
  }

  /// The whole of it, where someone has unpacked it.
  @Test(.enabled(if: SharedData.unpackedFER2013 != nil, "needs SENTRY_FER2013, the folder of the unpacked archive"))
  func theWholeOfIt() throws {
    let path = try #require(SharedData.unpackedFER2013)
    let data = try FER2013FoldersTests.open(path)
    #expect(Split.allCases.map(data.count) == [28_273, 3_533, 3_534])
    #expect(
      try data.tally(.train) == [
        "anger": 3995, "fear": 4097, "happy": 7215, "sad": 4830, "surprise": 3171, "neutral": 4965,
      ])
    #expect(try data.tally(.validation)["happy"] == 895)
    #expect(data.specification.notes.contains("436 of 28,709 training images are disgust and left out"))
    let distinct = try FER2013FoldersTests.open(path, deduplicate: true)
    var seen: Set<[UInt8]> = []
    for index in 0..<distinct.count(in: .test) { seen.insert(try distinct.pixels(at: index, in: .test)) }
    for split in [Split.validation, .train] {
      for index in stride(from: 0, to: distinct.count(in: split), by: 3) {
        #expect(!seen.contains(try distinct.pixels(at: index, in: split)))
      }
    }
    #expect(Split.allCases.map(distinct.count) == [26_593, 3_488, 3_534])
  }
}
