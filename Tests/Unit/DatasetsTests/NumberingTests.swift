import CSentryPlugin
import SentryImageDatasets
import SentryPluginAPI
import SentryTables
import SentryTestSupport
import Testing

@testable import DatasetAffectNet
@testable import DatasetFER2013

/// Class folders and labels that are numbers: whose they are is told or asked, never guessed.
@Suite struct NumberingTests {
  /// A folder for each number, with an image named after the class that the numbering gives it.
  private func tree(_ numbering: EmotionNumbering, _ numbers: ClosedRange<Int>) throws -> TestTree {
    let tree = try TestTree()
    let classes = numbering.classes
    for number in numbers {
      let name = classes.names[number - classes.first]
      try tree.image("train/\(number)/\(name)_1.png")
      try tree.image("test/\(number)/\(name)_2.png")
    }
    return tree
  }

  @Test(arguments: [
    (EmotionNumbering.fer2013, 0...6, ["affectnet", "fer2013", "ckplus"]),
    (.rafdb, 1...7, ["affectnet", "rafdb", "ckplus"]),
    (.affectnet, 0...7, ["affectnet", "ckplus"]), (.affectnet, 0...10, ["affectnet"]),
  ])
  func numberedFoldersAreNotGuessed(numbering: EmotionNumbering, numbers: ClosedRange<Int>, fitting: [String]) throws {
    let tree = try tree(numbering, numbers)
    let error = failure { _ = try AffectNetFoldersTests.open(tree.path) }
    #expect(error?.code == SENTRY_INVALID)
    #expect(error?.message.contains("train: the class folders are numbers (\(numbers.lowerBound), ") == true)
    for one in EmotionNumbering.allCases {
      let isOffered = error?.hint?.contains("--set dataset.numbering=\(one.rawValue) (") == true
      #expect(isOffered == fitting.contains(one.rawValue), "\(one) \(error?.hint ?? "")")
    }
    let choice = try #require(EmotionNumbering.Choice(rawValue: numbering.rawValue))
    let data = try AffectNetFoldersTests.open(tree.path, numbering: choice)
    for split in [Split.train, .validation] {
      for index in 0..<data.count(in: split) {
        let name = data.name(at: index, in: split).split(separator: "/").last?.prefix { $0 != "_" }
        let label = try data.classNames(split)[index]
        #expect(name == Substring(label == "anger" && numbering == .fer2013 ? "angry" : label))
      }
    }
    #expect(
      data.specification.notes.contains(
        "the class folders are numbers, read as those of \(numbering.rawValue): \(numbering.classes.legend)"))
    #expect(AffectNet.score(tree.path) > 0, "or nobody would come to ask")
  }

  @Test func numbersOfAnotherSetAreRefused() throws {
    let tree = try tree(.rafdb, 1...7)
    let error = failure { _ = try AffectNetFoldersTests.open(tree.path, numbering: .fer2013) }
    #expect(error?.message.contains("train/7: '7' is not a known class") == true)
  }

  @Test func foldersOfFER2013AreAskedFor() throws {
    let tree = try tree(.fer2013, 0...6)
    #expect(failure { _ = try FER2013FoldersTests.open(tree.path) }?.hint?.contains("numbering=fer2013") == true)
    let data = try FER2013.open(.init(path: tree.path, numbering: .fer2013), host: nil)
    #expect(try data.className(of: "happy_1.png") == "happy" && data.className(of: "angry_1.png") == "anger")
  }

  /// RAF-DB as it is on Kaggle: numbers in folders and in a table of no known form.
  @Test func numbersOfATableAreAskedForUnlessItsFormIsTheAuthors() throws {
    let tree = try TestTree()
    for number in 1...7 { try tree.image("images/\(number).png") }
    let rows = (1...7).map { "\($0).png,\($0)" }.joined(separator: "\n")
    try tree.write("labels.csv", text: "image,label\n\(rows)\n")
    let error = failure { _ = try AffectNetFoldersTests.open(tree.path) }
    #expect(error?.message.contains("labels.csv: labels are numbers (1, 2, 3, 4, 5, 6, 7)") == true)
    #expect(error?.hint?.contains("=rafdb (1 surprise") == true && error?.hint?.contains("=fer2013") == false)
    let data = try AffectNetFoldersTests.open(tree.path, numbering: .rafdb)
    #expect(try data.className(of: "/4.png") == "happy" && data.className(of: "/1.png") == "surprise")
    #expect(
      data.specification.notes.contains { $0.hasPrefix("labels of labels.csv are numbers, read as those of rafdb") })
  }

  @Test func theAuthorsListsAreCertain() throws {
    let tree = try TestTree()
    for number in 0...10 { try tree.image("\(number)/a.png") }
    let rows = (0...6).map { "\($0)/a.png,0,0,4,4,,\($0),0,0" }.joined(separator: "\n")
    try tree.write("training.csv", text: "\(AffectNetTablesTests.officialHeader)\n\(rows)\n")
    let data = try AffectNetFoldersTests.open(tree.path)
    #expect(try data.className(of: "/1/a.png") == "happy")
    #expect(
      data.specification.notes.contains {
        $0.hasPrefix("labels of training.csv are numbers, read as those of affectnet: 0 neu")
      })
  }

  /// A numbering that nothing is read by is refused; the option's default may stand.
  @Test func aNumberingWithoutNumbersIsRefused() throws {
    let (folders, faces) = (try TestTree.fer2013(), try TestTree.affectNet())
    let table = try FER2013TableTests.tree()
    for (reason, open) in [
      ("have names", { try FER2013.open(.init(path: folders.path, numbering: $0), host: nil) }),
      ("have FER2013's own numbers", { try FER2013.open(.init(path: table.path, numbering: $0), host: nil) }),
      ("whose meaning is open", { try AffectNetFoldersTests.open(faces.path, numbering: $0) }),
    ] as [(String, (EmotionNumbering.Choice) throws -> any Dataset)] {
      let error = failure { _ = try open(.fer2013) }
      #expect(error?.code == SENTRY_INVALID)
      #expect(
        error?.message.hasPrefix("dataset.numbering has no effect: ") == true && error?.message.contains(reason) == true
      )
      #expect(error?.hint?.contains("--set dataset.numbering=ask") == true)
      #expect(throws: Never.self) { _ = try open(.ask) }
    }
  }

  @Test func numberedFoldersBesideATableNeedNoNumbersWhereItListsAll() throws {
    let tree = try TestTree()
    try tree.image("train/1/a.png")
    try tree.image("train/2/b.png")
    try tree.write("labels.csv", text: "pth,label\ntrain/1/a.png,sad\ntrain/2/b.png,fear\n")
    #expect(try AffectNetFoldersTests.open(tree.path).classNames(.train) == ["sad", "fear"])
    try tree.image("train/2/unlisted.png")
    #expect(failure { _ = try AffectNetFoldersTests.open(tree.path) }?.message.contains("are numbers (1, 2)") == true)
  }
}
