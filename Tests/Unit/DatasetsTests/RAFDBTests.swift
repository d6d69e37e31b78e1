import CSentryPlugin
import SentryPluginAPI
import SentryTables
import SentryTestSupport
import Testing

@testable import DatasetAffectNet
@testable import DatasetFER2013
@testable import DatasetRAFDB

@Suite struct RAFDBTests {
  static func open(_ path: String, classes: EmotionClasses = .six) throws -> any Dataset {
    try RAFDB.open(.init(path: path, classes: classes), host: nil)
  }

  static let names = [
    1: "surprise", 2: "fear", 3: "disgust", 4: "happy", 5: "sad", 6: "anger", 7: "neutral",
  ]

  /// Two training images and one test image of each number.
  private static let lines = (1...7).flatMap { number in
    ["train_0000\(number).jpg \(number)", "train_0001\(number).jpg \(number)", "test_000\(number).jpg \(number)"]
  }

  /// As the authors hand it out, with some lines more.
  private static func tree(_ more: [String] = [], base: String = "basic/", without: String? = nil) throws -> TestTree {
    let tree = try TestTree()
    for line in lines where without.map({ !line.hasPrefix($0) }) ?? true {
      let stem = line.prefix { $0 != "." }
      try tree.image("\(base)Image/aligned/\(stem)_aligned.jpg", level: UInt8(line.utf8.last ?? 0))
      try tree.image("\(base)Image/original/\(stem).jpg")
    }
    try tree.write("\(base)EmoLabel/list_patition_label.txt", text: (lines + more).joined(separator: "\n") + "\n")
    return tree
  }

  @Test(arguments: ["", "basic/"]) func everyNumberIsMappedByItsName(base: String) throws {
    let tree = try Self.tree(base: base)
    let data = try Self.open(tree.path)
    #expect(Split.allCases.map(data.count) == [12, 0, 6])
    for (number, name) in Self.names where name != "disgust" {
      #expect(try data.className(of: "train_0001\(number)_aligned.jpg") == name)
      #expect(try data.className(of: "test_000\(number)_aligned.jpg", .test) == name)
    }
    let notes = data.specification.notes
    #expect(notes.contains("2 of 14 training images are disgust and left out"))
    #expect(notes.contains { $0.contains("read as those of rafdb: 1 surprise") })
    #expect(notes.contains { $0.contains("validation is held out from training") })
    #expect(try data.sample(at: 0, in: .train).shape == [4, 4, 1])
    #expect(data.name(at: 0, in: .train).hasSuffix("train_00001_aligned.jpg (list_patition_label.txt line 1)"))
  }

  @Test func sevenClassesKeepDisgust() throws {
    let tree = try Self.tree()
    let data = try Self.open(tree.path, classes: .seven)
    #expect(Split.allCases.map(data.count) == [14, 0, 7])
    #expect(data.specification.tasks[0].classes.last == "disgust")
    #expect(try data.className(of: "train_00003_aligned.jpg") == "disgust")
  }

  @Test(arguments: [
    ("train_00099.jpg", "line 22: the label of 'train_00099.jpg' is missing"),
    ("train_00099.jpg 8", "line 22: unknown emotion '8'"), ("train_00099.jpg 0", "line 22: unknown emotion '0'"),
    ("train_00099.jpg happy", "line 22: unknown emotion 'happy'"),
    ("train_00099.jpg 3 4", "line 22: there are 3 fields"),
    ("val_00099.jpg 3", "line 22: 'val_00099.jpg' is not the name of an image of RAF-DB"),
    ("../train_00099.jpg 3", "is not the name of an image"),
    ("train_00001.jpg 2", "train_00001_aligned.jpg is 1 (line 1) and 2 (line 22)"),
  ])
  func linesThatAreWrong(line: String, expected: String) throws {
    let tree = try Self.tree([line])
    let error = failure { _ = try Self.open(tree.path) }
    #expect(error?.code == SENTRY_BAD_DATA)
    #expect(error?.message.contains(expected) == true, "\(error?.message ?? "")")
    #expect(error?.message.contains("list_patition_label.txt") == true && error?.hint != nil)
  }

  @Test func linesThatAreThereTwice() throws {
    let tree = try Self.tree(["", "train_00001.jpg 1", "\ttest_0001.jpg  1 "])
    let data = try Self.open(tree.path)
    #expect(Split.allCases.map(data.count) == [12, 0, 6])
    #expect(data.specification.notes.contains("2 rows for images that an earlier row names with the same label"))
  }

  @Test func aMissingImageIsAnUnreadableSample() throws {
    let tree = try Self.tree(without: "train_00004")
    let data = try Self.open(tree.path)
    #expect(data.count(in: .train) == 12)
    #expect(data.specification.notes.contains("of 21 images that list_patition_label.txt lists, 1 missing on disk"))
    let index = try #require((0..<12).first { data.name(at: $0, in: .train).contains("train_00004") })
    #expect(failure { _ = try data.sample(at: index, in: .train) }?.code == SENTRY_BAD_DATA)
  }

  @Test func withoutTheFacesNothingIsRead() throws {
    let tree = try TestTree()
    try tree.image("Image/original/train_00001.jpg")
    try tree.write("list_patition_label.txt", text: "train_00001.jpg 5\r\n")
    let error = failure { _ = try Self.open(tree.path) }
    #expect(error?.message.contains("none of the 1 images that it lists is in") == true)
    #expect(error?.hint?.contains("aligned.zip") == true)
    try tree.write("list_patition_label.txt", text: "\n")
    #expect(failure { _ = try Self.open(tree.path) }?.message.contains("the list has no lines") == true)
    try tree.write("list_patition_label.txt", [0xFF, 0xFE, 0x41])
    #expect(failure { _ = try Self.open(tree.path) }?.code == SENTRY_BAD_DATA)
    let other = try TestTree()
    #expect(
      failure { _ = try Self.open(other.path) }?.message.contains("holds neither list_patition_label.txt") == true)
  }

  /// As at Kaggle.
  private static func folders() throws -> TestTree {
    let tree = try TestTree()
    for number in 1...7 {
      try tree.image("DATASET/train/\(number)/train_0000\(number)_aligned.jpg")
      try tree.image("DATASET/test/\(number)/test_000\(number)_aligned.jpg")
    }
    try tree.write("DATASET/train_labels.csv", text: "image,label\n")
    return tree
  }

  @Test func numberedFoldersAreItsOwn() throws {
    let tree = try Self.folders()
    for path in [tree.path, "\(tree.path)/DATASET"] {
      let data = try Self.open(path)
      #expect(Split.allCases.map(data.count) == [6, 0, 6])
      #expect(try data.className(of: "/4/") == "happy" && data.className(of: "/7/", .test) == "neutral")
      #expect(data.specification.notes.contains { $0.contains("read as those of rafdb") })
      #expect(data.specification.notes.contains("train_labels.csv is not read: the folders are the classes"))
    }
    try tree.image("DATASET/train/2/test_0009_aligned.jpg")
    let error = failure { _ = try Self.open(tree.path) }
    #expect(error?.message.contains("by its name the image is one of RAF-DB's test split") == true)
  }

  @Test func scores() throws {
    let (published, fer2013, affectNet) = (try Self.tree(), try TestTree.fer2013(), try TestTree.affectNet())
    #expect(RAFDB.score(published.path) == 100)
    let folders = try Self.folders()
    for path in ["\(folders.path)/DATASET", folders.path] {
      #expect(RAFDB.score(path) > max(AffectNet.score(path), FER2013.score(path), 50))
    }
    #expect(RAFDB.score(fer2013.path) == 0 && RAFDB.score(affectNet.path) == 0)
    let numbered = try TestTree()
    for number in 1...7 { try numbered.image("train/\(number)/happy_\(number).png") }
    #expect(RAFDB.score(numbered.path) == 0, "numbers alone are no mark of it")
    #expect(RAFDB.score("/nowhere/at/all") == 0)
  }
}
