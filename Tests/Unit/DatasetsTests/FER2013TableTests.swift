import CSentryPlugin
import SentryPluginAPI
import SentryTestSupport
import Testing

@testable import DatasetFER2013

@Suite struct FER2013TableTests {
  static func row(_ code: String, _ level: Int, _ usage: String, count: Int = 2304) -> String {
    "\(code),\([String](repeating: String(level), count: count).joined(separator: " ")),\(usage)"
  }

  /// One row of each number and use: the level is ten times the number, plus one or two.
  static let rows = (0...6).flatMap { code in
    ["Training", "PublicTest", "PrivateTest"].enumerated().map { row(String(code), code * 10 + $0, $1) }
  }

  static func tree(_ rows: [String] = rows, header: String = "emotion,pixels,Usage", name: String = "fer2013.csv")
    throws -> TestTree
  {
    let tree = try TestTree()
    try tree.write(name, text: ([header] + rows).joined(separator: "\n") + "\n")
    return tree
  }

  @Test func everyNumberIsMappedByItsName() throws {
    let tree = try Self.tree()
    let data = try FER2013FoldersTests.open(tree.path)
    for (offset, split) in Split.allCases.enumerated() {
      let byLevel = try (0..<data.count(in: split)).map { index in
        (Int(try data.pixels(at: index, in: split)[0]) / 10, try data.classNames(split)[index])
      }
      #expect(
        Dictionary(uniqueKeysWithValues: byLevel) == [
          0: "anger", 2: "fear", 3: "happy", 4: "sad", 5: "surprise", 6: "neutral",
        ], "split \(offset)")
    }
    #expect(data.specification.notes.contains("1 of 7 training images is disgust and left out"))
    #expect(data.specification.sample.shape == [48, 48, 1])
  }

  @Test(arguments: [
    (" emotion, pixels, Usage", "icml_face_data.csv"), ("EMOTION,Pixels,usage", "fer2013.csv"),
    ("\u{FEFF}emotion,pixels,Usage", "Fer2013.csv"), ("emotion,pixels,Usage", "other.csv"),
  ])
  func spellingsOfTheHeader(header: String, name: String) throws {
    let tree = try Self.tree(header: header, name: name)
    for path in [tree.path, "\(tree.path)/\(name)"] {
      #expect(try Split.allCases.map(FER2013FoldersTests.open(path).count) == [6, 6, 6])
    }
  }

  @Test func theOrderOfTheColumnsIsTheHeaders() throws {
    let pixels = [String](repeating: "7", count: 2304).joined(separator: " ")
    let tree = try Self.tree([" Training ,\"\(pixels)\", 3"], header: "Usage,pixels,emotion")
    let data = try FER2013FoldersTests.open(tree.path)
    #expect(try data.classNames(.train) == ["happy"])
    #expect(try data.pixels(at: 0) == [UInt8](repeating: 7, count: 2304))
  }

  @Test func labelsThatDoNotExist() throws {
    for label in ["9", "-1", "", "happy", "99999999999999999999"] {
      let tree = try Self.tree(Self.rows + [Self.row(label, 1, "Training")])
      let error = failure { _ = try FER2013FoldersTests.open(tree.path) }
      #expect(error?.code == SENTRY_BAD_DATA)
      #expect(error?.message.contains("fer2013.csv: line 23: unknown emotion code '\(label)'") == true)
      #expect(error?.hint?.contains("6 neutral") == true)
    }
  }

  @Test func usagesThatDoNotExist() throws {
    for usage in ["", "Test"] {
      let tree = try Self.tree([Self.row("3", 1, usage)])
      let error = failure { _ = try FER2013FoldersTests.open(tree.path) }
      #expect(error?.code == SENTRY_BAD_DATA)
      #expect(error?.message.contains("line 2") == true)
      #expect(error?.message.contains("Usage") == true)
      #expect(error?.hint?.contains("PrivateTest") == true)
    }
    let short = try Self.tree(["3,1 2 3"])
    #expect(failure { _ = try FER2013FoldersTests.open(short.path) }?.message.contains("line 2") == true)
  }

  @Test func aMissingColumnIsNamed() throws {
    let tree = try Self.tree(["3,1 2 3"], header: "emotion,pixels")
    let error = failure { _ = try FER2013FoldersTests.open(tree.path) }
    #expect(error?.message.contains("no column usage") == true)
    #expect(error?.hint?.contains("emotion,pixels,Usage") == true)
  }

  @Test(arguments: [2303, 2305, 0, 1]) func wrongNumbersOfPixels(count: Int) throws {
    let tree = try Self.tree(Self.rows + [Self.row("3", 1, "Training", count: count)])
    let data = try FER2013FoldersTests.open(tree.path)
    let error = failure { _ = try data.sample(at: 6, in: .train) }
    #expect(error?.code == SENTRY_BAD_DATA)
    #expect(error?.message.contains("line 23: the row has") == true)
    #expect(error?.message.contains("2,304") == true)
    #expect(error?.hint != nil)
    #expect(try data.sample(at: 5, in: .train).shape == [48, 48, 1])
  }

  @Test(arguments: ["300", "256", "-1", "x", "1.5", "99999999999999999999999"])
  func pixelsThatAreNone(value: String) throws {
    let rest = [String](repeating: "9", count: 2302).joined(separator: " ")
    let tree = try Self.tree(["3,9 \(value) \(rest),Training"])
    let data = try FER2013FoldersTests.open(tree.path)
    let error = failure { _ = try data.sample(at: 0, in: .train) }
    #expect(error?.code == SENTRY_BAD_DATA)
    #expect(error?.message.contains("line 2: pixel 2 is '\(value.prefix(20))'") == true)
  }

  @Test func duplicatesAreFoundInTables() throws {
    let tree = try Self.tree(Self.rows + [Self.row("4", 2, "Training"), Self.row("4", 0, "Training")])
    #expect(try Split.allCases.map(FER2013FoldersTests.open(tree.path).count) == [8, 6, 6])
    let data = try FER2013FoldersTests.open(tree.path, deduplicate: true)
    #expect(Split.allCases.map(data.count) == [6, 6, 6])
  }

  @Test func severalTablesAreAChoice() throws {
    let tree = try Self.tree(name: "one.csv")
    try tree.write("two.csv", text: "emotion,pixels,Usage\n")
    let error = failure { _ = try FER2013FoldersTests.open(tree.path) }
    #expect(error?.message.contains("one.csv, two.csv") == true)
  }

  @Test func anEmptyTable() throws {
    let tree = try TestTree()
    try tree.write("fer2013.csv", [])
    #expect(failure { _ = try FER2013FoldersTests.open(tree.path) }?.message.contains("fer2013.csv") == true)
    let headerOnly = try Self.tree([])
    #expect(
      failure { _ = try FER2013FoldersTests.open(headerOnly.path) }?.message.contains("there is no image") == true)
  }

  @Test func rowsWithMoreFieldsThanTheHeaderAreRefused() throws {
    let tree = try Self.tree(Self.rows + [Self.row("3", 1, "Training") + ",x,y"])
    let error = failure { _ = try FER2013FoldersTests.open(tree.path) }
    #expect(error?.code == SENTRY_BAD_DATA)
    #expect(error?.message.contains("line 23: has 5 fields, the header has 3") == true)
  }

  @Test(arguments: [
    (";", "separated by semicolons"), ("\t", "separated by tabs"), ("|", "separated by bars"),
  ])
  func otherSeparatorsAreNamed(separator: String, text: String) throws {
    let rows = Self.rows.map { $0.replacing(",", with: separator) }
    let tree = try Self.tree(rows, header: ["emotion", "pixels", "Usage"].joined(separator: separator))
    let error = failure { _ = try FER2013FoldersTests.open("\(tree.path)/fer2013.csv") }
    #expect(error?.message.contains("no column emotion; there is emotion\(separator)pixels") == true)
    #expect(error?.hint?.contains(text) == true)
  }

  @Test func theHeaderThatWasFoundIsTold() throws {
    let tree = try Self.tree(header: "label,pixels,Usage")
    let error = failure { _ = try FER2013FoldersTests.open(tree.path) }
    #expect(error?.message.contains("no column emotion; there are label, pixels, Usage") == true)
    let twice = try Self.tree(["3,1,4,Training"], header: "emotion,pixels,Emotion,Usage")
    let both = failure { _ = try FER2013FoldersTests.open(twice.path) }
    #expect(both?.message.contains("has the column emotion 2 times, as fields 1, 3") == true)
  }

  private static let votes =
    "Usage,Image name,neutral,happiness,surprise,sadness,anger,disgust,fear,contempt,unknown,NF\nTraining,,0,0,0,0,0,0,10,0,0,0\n"

  @Test func votesOfFERPlusAreNamed() throws {
    let both = try Self.tree()
    try both.write("fer2013new.csv", text: Self.votes)
    let notes = try FER2013FoldersTests.open(both.path).specification.notes
    #expect(notes.contains { $0.contains("fer2013new.csv holds the votes of FER+, which are not used") })
    let plain = try Self.tree()
    #expect(!(try FER2013FoldersTests.open(plain.path).specification.notes.contains { $0.contains("FER+") }))
    let alone = try TestTree()
    try alone.write("fer2013new.csv", text: Self.votes)
    for path in [alone.path, "\(alone.path)/fer2013new.csv"] {
      let error = failure { _ = try FER2013FoldersTests.open(path) }
      #expect(error?.message.contains("FER+") == true && error?.hint?.contains("fer2013.csv") == true)
    }
  }

  @Test func everyRunSaysHowNumbersWereRead() throws {
    let tree = try Self.tree()
    let notes = try FER2013FoldersTests.open(tree.path).specification.notes
    #expect(notes.contains { $0.hasPrefix("emotions are numbers, read as those of fer2013: 0 angry, 1 disgust") })
  }
}
