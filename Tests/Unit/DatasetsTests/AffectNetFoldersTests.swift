import CSentryPlugin
import SentryImageDatasets
import SentryPluginAPI
import SentryTables
import SentryTestSupport
import Testing

@testable import DatasetAffectNet

@Suite struct AffectNetFoldersTests {
  static func open(_ path: String?, numbering: EmotionNumbering.Choice = .ask) throws -> any Dataset {
    try AffectNet.open(.init(path: path, numbering: numbering), host: nil)
  }

  static let names = TestTree.affectNetClasses

  @Test(arguments: [("train", "val"), ("Train", "Val"), ("train", "valid"), ("Train", "Test"), ("TRAIN", "test")])
  func namesOfSplits(train: String, validation: String) throws {
    let tree = try TestTree.affectNet(train: train, validation: validation)
    let data = try Self.open(tree.path)
    #expect(Split.allCases.map(data.count) == [12, 6, 0])
    for split in [Split.train, .validation] {
      for name in Self.names where name != "disgust" && name != "contempt" {
        let folder = split == .train ? name : name.capitalized
        #expect(try data.className(of: "/\(folder)/", split) == name)
      }
    }
    let notes = data.specification.notes
    #expect(notes.contains("2 of 16 training images are contempt and left out"))
    #expect(notes.contains("1 of 8 validation images is disgust and left out") || validation.lowercased() == "test")
  }

  @Test func numbersOfClasses() throws {
    let tree = try TestTree()
    for number in 0...10 { try tree.image("train/\(number)/1.png") }
    let data = try Self.open(tree.path, numbering: .affectnet)
    let expected = ["0": "neutral", "1": "happy", "2": "sad", "3": "surprise", "4": "fear", "6": "anger"]
    for number in 0...10 {
      #expect(try data.className(of: "/\(number)/1.png") == expected[String(number)])
    }
    #expect(data.specification.notes.contains("1 of 11 training images is no-face and left out"))
  }

  @Test func testAloneIsValidationAndSaid() throws {
    let tree = try TestTree()
    for name in Self.names {
      try tree.image("Train/\(name)/1.png")
      try tree.image("Test/\(name)/1.png")
    }
    let notes = try Self.open(tree.path).specification.notes
    #expect(notes.contains { $0.contains("test images are used for validation") })
    for name in Self.names { try tree.image("Val/\(name)/1.png") }
    #expect(try Split.allCases.map(Self.open(tree.path).count) == [6, 6, 6])
  }

  @Test func withoutValidationThereIsNone() throws {
    let tree = try TestTree()
    for name in Self.names { try tree.image("train/\(name)/1.png") }
    let data = try Self.open(tree.path)
    #expect(Split.allCases.map(data.count) == [6, 0, 0])
    // The host holds a part out and says so: once.
    #expect(!data.specification.notes.contains { $0.contains("validation") })
  }

  @Test func unknownAndEmptyClassesAreNamed() throws {
    let tree = try TestTree()
    for name in Self.names { try tree.image("train/\(name)/1.png") }
    try tree.folder("train/joy")
    #expect(failure { _ = try Self.open(tree.path) }?.message.contains("train/joy") == true)
    let empty = try TestTree()
    for name in Self.names.dropFirst() { try empty.image("train/\(name)/1.png") }
    try empty.folder("train/neutral")
    let error = failure { _ = try Self.open(empty.path) }
    #expect(error?.code == SENTRY_BAD_DATA)
    #expect(error?.message.contains("train/neutral: the class folder holds no image") == true)
  }

  @Test func emptyFoldersAndFilesAreRefused() throws {
    let tree = try TestTree()
    #expect(failure { _ = try Self.open(tree.path) }?.message.contains("there is no image") == true)
    try tree.write("file", text: "x")
    #expect(failure { _ = try Self.open("\(tree.path)/file") }?.message.contains("is not a folder") == true)
    #expect(failure { _ = try Self.open(nil) }?.hint?.contains("--data") == true)
  }

  @Test func linksToNowhereFailWhenTheyAreRead() throws {
    let tree = try TestTree()
    for name in Self.names { try tree.image("train/\(name)/1.png") }
    try tree.link("train/happy/2.png", to: "/nowhere/at/all.png")
    let data = try Self.open(tree.path)
    #expect(try data.tally(.train)["happy"] == 2)
    let index = try #require(
      (0..<data.count(in: .train)).first { data.name(at: $0, in: .train).hasSuffix("happy/2.png") })
    let error = failure { _ = try data.sample(at: index, in: .train) }
    #expect(error?.code == SENTRY_BAD_DATA)
    #expect(error?.message.contains("happy/2.png: the link points to /nowhere/at/all.png, which is not there") == true)
  }

  @Test func aClassFolderMayNotBeALinkToNowhereOrToAnotherClass() throws {
    let tree = try TestTree()
    for name in Self.names where name != "sad" { try tree.image("train/\(name)/1.png") }
    try tree.link("train/sad", to: "/nowhere")
    #expect(
      failure { _ = try Self.open(tree.path) }?.message.contains("train/sad: the link points to /nowhere") == true)
    try tree.link("train/sadness", to: "happy")
    let other = try TestTree()
    for name in Self.names { try other.image("train/\(name)/1.png") }
    try other.link("train/afraid", to: "happy")
    #expect(failure { _ = try Self.open(other.path) }?.message.contains("are read in their own place") == true)
    let pool = try TestTree()
    for name in Self.names {
      try pool.image("pool/\(name)/1.png")
      try pool.folder("train")
      try pool.link("train/\(name)", to: "../pool/\(name)")
    }
    #expect(try Self.open(pool.path).count(in: .train) == 6)
  }

  @Test func aLinkThatLeadsBackCountsNothingTwice() throws {
    let tree = try TestTree()
    for name in Self.names { try tree.image("train/\(name)/1.png") }
    try tree.link("train/happy/up", to: "..")
    let data = try Self.open(tree.path)
    #expect(try data.tally(.train)["happy"] == 1 && data.count(in: .train) == 6)
    #expect(data.specification.notes.contains { $0.hasPrefix("the link train/happy/up -> ") })
  }

  @Test(arguments: ["val", "test"]) func aFolderToEvaluateOnNeedsNoTraining(split: String) throws {
    let tree = try TestTree()
    for name in Self.names { try tree.image("\(split)/\(name)/1.png") }
    #expect(try Split.allCases.map(Self.open(tree.path).count) == (split == "val" ? [0, 6, 0] : [0, 0, 6]))
    #expect(AffectNet.score(tree.path) > 50)
  }
}
