import CSentryPlugin
import SentryImageDatasets
import SentryPluginAPI
import SentryTables
import SentryTestSupport
import Testing

@testable import DatasetAffectNet

@Suite struct AffectNetTablesTests {
  static func open(_ tree: TestTree, numbering: EmotionNumbering.Choice = .ask) throws -> any Dataset {
    try AffectNetFoldersTests.open(tree.path, numbering: numbering)
  }

  @Test func theKaggleFormWithItsIndex() throws {
    let tree = try TestTree()
    try tree.image("Train/anger/image1.jpg")
    try tree.image("Train/happy/image2.jpg")
    try tree.image("Test/Anger/image3.jpg")
    try tree.image("Test/Sad/image4.jpg")
    try tree.image("Train/fear/image5.jpg")
    try tree.image("Train/disgust/image6.jpg")
    try tree.write(
      "labels.csv",
      text: """
        ,pth,label,relFCs
        0,anger/image1.jpg,surprise,0.87
        1,happy/image2.jpg,contempt,0.61
        2,anger/image3.jpg,fear,0.70
        3,disgust/image6.jpg,happy,0.5

        """)
    let data = try Self.open(tree)
    // The table's label wins over the folder; where it says nothing, the folder counts.
    #expect(try data.className(of: "anger/image1.jpg") == "surprise")
    #expect(try data.className(of: "happy/image2.jpg") == nil)
    #expect(try data.className(of: "disgust/image6.jpg") == "happy")
    #expect(try data.className(of: "fear/image5.jpg") == "fear")
    #expect(try data.className(of: "Anger/image3.jpg", .validation) == "fear")
    #expect(try data.className(of: "Sad/image4.jpg", .validation) == "sad")
    #expect(Split.allCases.map(data.count) == [3, 2, 0])
    let notes = data.specification.notes
    #expect(notes.contains("1 of 4 training images is contempt and left out"))
    #expect(notes.contains("1 training image without a row in labels.csv: the folder is the class"))
  }

  @Test func theKaggleFormWithoutSplits() throws {
    let tree = try TestTree()
    for name in AffectNetFoldersTests.names { try tree.image("\(name)/1.jpg") }
    try tree.write("labels.csv", text: "pth,label,relFCs\nanger/1.jpg,neutral,1\n")
    let data = try Self.open(tree)
    #expect(Split.allCases.map(data.count) == [6, 0, 0])
    #expect(try data.className(of: "anger/1.jpg") == "neutral")
    #expect(try data.className(of: "sad/1.jpg") == "sad")
  }

  @Test(arguments: ["images/", ""]) func imageAndLabel(folder: String) throws {
    let tree = try TestTree()
    try tree.image("\(folder)a.png")
    try tree.image("\(folder)b.png")
    try tree.image("\(folder)c.png")
    try tree.write("Labels.csv", text: "Image, Label\r\na.png,6\r\nb.png,Happiness\r\nc.png,5\r\n")
    let data = try Self.open(tree, numbering: .affectnet)
    #expect(try data.className(of: "a.png") == "anger")
    #expect(try data.className(of: "b.png") == "happy")
    #expect(data.count(in: .train) == 2)
  }

  @Test func tablesOfSplits() throws {
    let tree = try TestTree()
    for name in ["images/a.png", "images/b.png", "images/c.png"] { try tree.image(name) }
    try tree.write("train_labels.csv", text: "image,label\na.png,sad\n")
    try tree.write("val_labels.csv", text: "image,label\nb.png,3\n")
    try tree.write("test.csv", text: "image,label\nc.png,0\n")
    let data = try Self.open(tree, numbering: .affectnet)
    #expect(try Split.allCases.map(data.classNames) == [["sad"], ["surprise"], ["neutral"]])
  }

  @Test func officialListsWithFolders() throws {
    let tree = try TestTree()
    try tree.image("train/5/a.jpg")
    try tree.image("val/1/b.jpg")
    try tree.image("train/1/unlisted.jpg")
    try tree.write("train.csv", text: "subDirectory,image,expression\n5,a.jpg,4\n")
    try tree.write("val.csv", text: "subDirectory,image,expression\n1,b.jpg,6\n")
    let data = try Self.open(tree)
    #expect(try data.classNames(.train) == ["fear"])
    #expect(try data.classNames(.validation) == ["anger"])
  }

  static let officialHeader =
    "subDirectory_filePath,face_x,face_y,face_width,face_height,facial_landmarks,expression,valence,arousal"

  @Test func officialListsWithFaces() throws {
    let tree = try TestTree()
    try tree.write("689/a.png", PNG.grey(8, 6) { x, y in UInt8(10 * x + y) })
    try tree.write("12/b.png", PNG.grey(8, 6) { x, y in UInt8(10 * x + y) })
    try tree.write(
      "training.csv",
      text: Self.officialHeader + "\n689/a.png,2,1,3,2,1.5;2.5,1,0.5,0.1\n12/b.png,6,4,100,100,,2,0,0\n")
    // The list of validation has no header.
    try tree.write("validation.csv", text: "689/a.png,-2,-1,4,3,1;2,3,0.1,0.2\n12/b.png,0,0,4,4,1;2,9,-2,-2\n")
    try tree.write("validation/689/c.png", PNG.grey(8, 6) { x, _ in UInt8(x) })
    let data = try Self.open(tree)
    #expect(try data.classNames(.train) == ["happy", "sad"])
    #expect(try data.sample(at: 0, in: .train).shape == [2, 3, 1])
    #expect(try data.pixels(at: 0) == [21, 31, 41, 22, 32, 42])
    #expect(try data.pixels(at: 1) == [64, 74, 65, 75])
  }

  @Test func theHeaderlessListOfValidation() throws {
    let tree = try TestTree()
    try tree.write("train/1/a.png", PNG.grey(4, 4) { _, _ in 1 })
    try tree.write("val/2/b.png", PNG.grey(8, 6) { x, y in UInt8(10 * x + y) })
    try tree.write("val/2/c.png", PNG.grey(8, 6) { x, y in UInt8(10 * x + y) })
    try tree.write("training.csv", text: Self.officialHeader + "\n1/a.png,0,0,4,4,,0,0,0\n")
    try tree.write("validation.csv", text: "2/b.png,-2,-1,4,3,1;2,3,0.1,0.2\n2/c.png,0,0,4,4,1;2,9,-2,-2\n")
    let data = try Self.open(tree)
    #expect(try data.classNames(.validation) == ["surprise"])
    #expect(try data.pixels(at: 0, in: .validation) == [0, 10, 1, 11])
    #expect(data.specification.notes.contains("1 of 2 validation images is uncertain and left out"))
  }

  @Test func aFaceOutsideItsImage() throws {
    let tree = try TestTree()
    try tree.image("1/a.png")
    try tree.write("training.csv", text: Self.officialHeader + "\n1/a.png,50,50,4,4,,0,0,0\n")
    let data = try Self.open(tree)
    let error = failure { _ = try data.sample(at: 0, in: .train) }
    #expect(error?.code == SENTRY_BAD_DATA)
    #expect(error?.message.contains("1/a.png (training.csv line 2)") == true)
    #expect(error?.message.contains("4×4") == true)
  }

  @Test(arguments: ["x,0,4,4", "0,0,0,4", "0,0,4,-1", "nan,0,4,4", "1e30,0,4,4", ",,,"])
  func facesThatAreNone(box: String) throws {
    let tree = try TestTree()
    try tree.image("1/a.png")
    try tree.write("training.csv", text: Self.officialHeader + "\n1/a.png,\(box),,0,0,0\n")
    let error = failure { _ = try Self.open(tree) }
    #expect(error?.code == SENTRY_BAD_DATA)
    #expect(error?.message.contains("training.csv: line 2") == true)
  }

  @Test(arguments: ["11", "-1", "joy", ""]) func labelsThatDoNotExist(label: String) throws {
    let tree = try TestTree()
    try tree.image("anger/1.jpg")
    try tree.write("labels.csv", text: "pth,label\nanger/1.jpg,\(label)\n")
    let error = failure { _ = try Self.open(tree, numbering: .affectnet) }
    #expect(error?.code == SENTRY_BAD_DATA)
    #expect(error?.message.contains("labels.csv: line 2") == true)
    #expect(error?.hint?.contains("6 anger") == true)
  }

  @Test(arguments: ["../../etc/passwd", "/etc/passwd", "anger/../../x.jpg"]) func pathsThatLeadOut(path: String) throws
  {
    let tree = try TestTree()
    try tree.image("anger/1.jpg")
    try tree.write("labels.csv", text: "pth,label\n\(path),anger\n")
    let error = failure { _ = try Self.open(tree) }
    #expect(error?.code == SENTRY_BAD_DATA)
    #expect(error?.message.contains("labels.csv: line 2: the path '\(path)' points outside") == true)
  }

  @Test func missingImagesAreSaidAndFailWhenRead() throws {
    let tree = try TestTree()
    try tree.image("anger/1.jpg")
    try tree.write("labels.csv", text: "pth,label\nanger/1.jpg,anger\nanger/2.jpg,anger\n")
    let data = try Self.open(tree)
    #expect(data.specification.notes.contains("of 2 images that labels.csv lists, 1 missing on disk"))
    let error = failure { _ = try data.sample(at: 1, in: .train) }
    #expect(error?.code == SENTRY_BAD_DATA)
    #expect(error?.message.contains("anger/2.jpg (labels.csv line 3)") == true)
    try tree.write("labels.csv", text: "pth,label\nanger/8.jpg,anger\nanger/9.jpg,anger\n")
    #expect(failure { _ = try Self.open(tree) }?.message.contains("none of the 2 images") == true)
  }

  @Test func repeatedRowsAreSaid() throws {
    let tree = try TestTree()
    try tree.image("anger/1.jpg")
    try tree.write("labels.csv", text: "pth,label\nanger/1.jpg,sad\nAnger/1.jpg,Sadness\n")
    let data = try Self.open(tree)
    #expect(try data.classNames(.train) == ["sad"])
    #expect(data.specification.notes.contains("1 row for images that an earlier row names with the same label"))
  }

  @Test(arguments: ["a,b,c\n1,2,3\n", "emotion,pixels,Usage\n", "\u{0}\u{1}", ""]) func otherTables(text: String) throws
  {
    let tree = try TestTree()
    try tree.image("anger/1.jpg")
    try tree.write("labels.csv", text: text)
    let error = failure { _ = try Self.open(tree) }
    #expect(error?.code == SENTRY_BAD_DATA)
    #expect(error?.message.contains("labels.csv") == true)
  }

  @Test func rowsThatContradictEachOtherAreRefused() throws {
    let tree = try TestTree()
    try tree.image("anger/1.jpg")
    try tree.image("anger/2.jpg")
    try tree.write("labels.csv", text: "pth,label\nanger/1.jpg,sad\nanger/2.jpg,fear\nAnger/1.jpg,anger\n")
    let error = failure { _ = try Self.open(tree) }
    #expect(error?.code == SENTRY_BAD_DATA)
    #expect(error?.message.contains("anger/1.jpg is sad (labels.csv line 2) and anger (labels.csv line 4)") == true)
    try tree.write("labels.csv", text: "pth,label\nanger/1.jpg,sad\nanger/1.jpg,fear\nanger/1.jpg,contempt\n")
    #expect(failure { _ = try Self.open(tree) }?.message.contains("2 rows contradict an earlier row") == true)
  }

  @Test func pathsOfWindowsAreReadAndSaid() throws {
    let tree = try TestTree()
    try tree.image("img/happy/1.png")
    try tree.write("labels.csv", text: "pth,label\nimg\\happy\\1.png,happy\n")
    let data = try Self.open(tree)
    #expect(try data.classNames(.train) == ["happy"])
    #expect(data.specification.notes.contains("labels.csv writes paths with backslashes, read as /"))
    try tree.write("labels.csv", text: "pth,label\nimg\\gone\\1.png,happy\n")
    #expect(failure { _ = try Self.open(tree) }?.message.contains("the first is img/gone/1.png (line 2)") == true)
  }

  @Test func namesMayBeWrittenInOtherBytes() throws {
    let tree = try TestTree()
    try tree.image("happy/cafe\u{301}.png")
    try tree.write("labels.csv", text: "pth,label\nhappy/caf\u{e9}.png,sad\n")
    let data = try Self.open(tree)
    #expect(try data.classNames(.train) == ["sad"])
    #expect(try data.sample(at: 0, in: .train).shape == [4, 4, 1])
  }

  @Test(arguments: [
    ("pth,label\nhappy/1.png,happy,1,2\n", "line 2: has 4 fields, the header has 2"),
    ("pth,label,Label\nhappy/1.png,happy,sad\n", "has the column label 2 times"),
    ("pth;label\nhappy/1.png;happy\n", "have no known form"),
  ]) func malformedTablesAreNamed(text: String, message: String) throws {
    let tree = try TestTree()
    try tree.image("happy/1.png")
    try tree.write("labels.csv", text: text)
    let error = failure { _ = try Self.open(tree) }
    #expect(error?.message.contains(message) == true, "\(error?.message ?? "none")")
    if text.contains(";") { #expect(error?.hint?.contains("semicolons") == true) }
  }
}
