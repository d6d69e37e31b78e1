import CSentryPlugin
import SentryPluginAPI
import SentryTestSupport
import Testing

@testable import DatasetFER2013

@Suite struct FER2013FoldersTests {
  static let classes = TestTree.fer2013Classes

  static func open(_ path: String?, deduplicate: Bool = false) throws -> any Dataset {
    try FER2013.open(.init(path: path, deduplicate: deduplicate), host: nil)
  }

  @Test func everyClassIsFoundByItsName() throws {
    let tree = try TestTree.fer2013()
    let data = try Self.open(tree.path)
    let expected = [
      "angry": "anger", "fear": "fear", "happy": "happy", "neutral": "neutral", "sad": "sad", "surprise": "surprise",
    ]
    for split in Split.allCases {
      for (folder, name) in expected { #expect(try data.className(of: "/\(folder)/", split) == name) }
      #expect(try data.className(of: "/disgust/", split) == nil)
    }
    #expect(Split.allCases.map(data.count) == [12, 6, 6])
  }

  @Test func theNamesTellValidationFromTest() throws {
    let tree = try TestTree.fer2013()
    let data = try Self.open(tree.path)
    #expect((0..<6).allSatisfy { data.name(at: $0, in: .validation).contains("PublicTest_") })
    #expect((0..<6).allSatisfy { data.name(at: $0, in: .test).contains("PrivateTest_") })
    #expect(data.specification.notes.contains { $0.contains("validation is PublicTest") })
  }

  @Test func whatIsLeftOutIsSaid() throws {
    let tree = try TestTree.fer2013()
    let notes = try Self.open(tree.path).specification.notes
    #expect(notes.contains("2 of 14 training images are disgust and left out"))
    #expect(notes.contains("2 of 14 test images are disgust and left out"))
  }

  @Test func withoutTellingNamesAllOfTestIsValidation() throws {
    let tree = try TestTree()
    for name in Self.classes {
      try tree.image("train/\(name)/1.png")
      try tree.image("test/\(name)/1.png")
    }
    let data = try Self.open(tree.path)
    #expect(Split.allCases.map(data.count) == [6, 6, 0])
    #expect(data.specification.notes.contains { $0.contains("all of it is validation") })
  }

  @Test func withoutATestFolderNothingIsValidation() throws {
    let tree = try TestTree()
    for name in Self.classes { try tree.image("train/\(name)/1.png") }
    let data = try Self.open(tree.path)
    #expect(Split.allCases.map(data.count) == [6, 0, 0])
    #expect(!data.specification.notes.contains { $0.contains("held out") })
  }

  @Test func samplesAreReadAsTheyAre() throws {
    let tree = try TestTree.fer2013()
    try tree.write("train/angry/Training_0.png", PNG.grey(3, 2) { x, y in UInt8(10 * x + y) })
    let data = try Self.open(tree.path)
    #expect(data.name(at: 0, in: .train) == "\(tree.path)/train/angry/Training_0.png")
    #expect(try data.sample(at: 0, in: .train).shape == [2, 3, 1])
    #expect(try data.pixels(at: 0) == [0, 10, 20, 1, 11, 21])
  }

  @Test func unknownClassesAreNamed() throws {
    let tree = try TestTree.fer2013()
    try tree.image("train/joy/1.png")
    let error = failure { _ = try Self.open(tree.path) }
    #expect(error?.message.contains("train/joy") == true)
    #expect(error?.hint?.contains("happy") == true)
  }

  @Test func emptyClassFoldersAreNamed() throws {
    let tree = try TestTree()
    for name in Self.classes where name != "sad" { try tree.image("train/\(name)/1.png") }
    try tree.write("train/sad/notes.txt", text: "nothing here")
    let error = failure { _ = try Self.open(tree.path) }
    #expect(error?.code == SENTRY_BAD_DATA)
    #expect(error?.message.contains("train/sad") == true)
    #expect(error?.hint != nil)
  }

  @Test func missingClassesAreNamed() throws {
    let tree = try TestTree()
    for name in Self.classes where name != "fear" { try tree.image("train/\(name)/1.png") }
    let error = failure { _ = try Self.open(tree.path) }
    #expect(error?.message.contains("fear") == true)
  }

  @Test func aTruncatedImageIsNamedWhenItIsRead() throws {
    let tree = try TestTree.fer2013()
    try tree.write("train/angry/Training_0.jpg", Array(TinyJPEG.bytes.prefix(300)))
    let data = try Self.open(tree.path)
    let error = failure { _ = try data.sample(at: 0, in: .train) }
    #expect(error?.code == SENTRY_BAD_DATA)
    #expect(error?.message.contains("train/angry/Training_0.jpg") == true)
    #expect(error?.hint != nil)
  }

  @Test func aWholeJPEGIsGrey() throws {
    let tree = try TestTree.fer2013()
    try tree.write("train/angry/Training_0.jpg", TinyJPEG.bytes)
    #expect(try Self.open(tree.path).sample(at: 0, in: .train).shape == [32, 32, 1])
  }

  @Test func duplicatesLeaveTrainingAndValidationButNotTest() throws {
    let tree = try TestTree.fer2013()
    // Of angry, whose levels are 0, 1 (training), 2 (validation) and 3 (test).
    try tree.image("train/angry/Training_90.jpg", level: 0)
    try tree.image("train/happy/Training_91.jpg", level: 2)
    try tree.image("train/happy/Training_92.jpg", level: 3)
    try tree.image("test/sad/PublicTest_93.jpg", level: 3)
    try tree.image("test/sad/PrivateTest_94.jpg", level: 3)
    let plain = try Self.open(tree.path)
    #expect(Split.allCases.map(plain.count) == [15, 7, 7])
    let data = try Self.open(tree.path, deduplicate: true)
    #expect(Split.allCases.map(data.count) == [12, 6, 7])
    let names = (0..<12).map { data.name(at: $0, in: .train) }
    #expect(!names.contains { $0.contains("Training_9") })
    #expect(
      data.specification.notes.contains(
        "duplicates left out: 2 training images found in validation or test, 1 training image found in training before, "
          + "1 validation image found in test"))
  }

  @Test func aPathIsNeeded() {
    #expect(failure { _ = try Self.open(nil) }?.hint?.contains("--data") == true)
    let missing = failure { _ = try Self.open("/nowhere/at/all") }
    #expect(missing?.code == SENTRY_INVALID)
    #expect(missing?.message.contains("/nowhere/at/all") == true)
  }

  @Test func aFolderOfSomethingElseIsRefused() throws {
    let tree = try TestTree()
    try tree.write("readme.txt", text: "hello")
    let error = failure { _ = try Self.open(tree.path) }
    #expect(error?.message.contains("train/") == true)
    #expect(error?.message.contains("fer2013.csv") == true)
  }
}
