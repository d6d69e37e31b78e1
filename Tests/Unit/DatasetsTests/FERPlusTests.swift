import CSentryPlugin
import SentryPluginAPI
import SentryTables
import SentryTestSupport
import Testing

@testable import DatasetFER2013

@Suite struct FERPlusTests {
  private static let header =
    "Usage,Image name,neutral,happiness,surprise,sadness,anger,disgust,fear,contempt,unknown,NF"

  private static func votes(_ rows: [String]) -> String { ([header] + rows).joined(separator: "\r\n") + "\r\n" }

  private static func open(
    _ tree: TestTree, classes: EmotionClasses = .six, labels: FER2013.Labels = .ferplus
  ) throws -> any Dataset {
    try FER2013.open(.init(path: tree.path, classes: classes, labels: labels), host: nil)
  }

  /// What the authors' program makes of these votes (github.com/microsoft/FERPlus, src/ferplus.py, mode "majority").
  @Test(arguments: [
    ([10, 0, 0, 0, 0, 0, 0, 0, 0, 0], "neutral"), ([4, 0, 0, 1, 3, 2, 0, 0, 0, 0], "-"),
    ([0, 6, 0, 0, 0, 0, 4, 0, 0, 0], "happiness"), ([0, 5, 0, 0, 0, 0, 5, 0, 0, 0], "-"),
    // Single votes are outliers: 4 of the 7 that are left.
    ([4, 3, 1, 1, 1, 0, 0, 0, 0, 0], "neutral"), ([5, 1, 1, 1, 1, 1, 0, 0, 0, 0], "neutral"),
    ([0, 0, 0, 0, 0, 0, 0, 6, 2, 2], "contempt"), ([0, 0, 0, 0, 0, 7, 1, 1, 1, 0], "disgust"),
    ([1, 1, 1, 1, 1, 1, 1, 1, 1, 1], "-"), ([0, 0, 0, 0, 0, 0, 0, 0, 0, 0], "-"),
    ([0, 0, 0, 0, 0, 0, 2, 0, 8, 0], "-"), ([0, 0, 0, 0, 0, 0, 0, 0, 0, 10], "no face"),
  ])
  func majority(votes: [Int], expected: String) {
    let vocabulary = EmotionClasses.eight.vocabulary
    let meaning: ClassVocabulary.Meaning? =
      switch expected {
      case "-": .dropped("without a majority")
      case "no face": .dropped("no face")
      default: vocabulary.meaning(of: expected)
      }
    #expect(FERPlusRule.majority(of: votes, in: vocabulary) == meaning)
  }

  /// The same in mode "crossentropy"; nil where it leaves the image out.
  @Test(
    arguments: [
      ([5, 0, 5, 0, 0, 0, 0, 0, 0, 0], [0: 0.5, 2: 0.5]), ([4, 0, 3, 3, 0, 0, 0, 0, 0, 0], [0: 0.4, 2: 0.3, 3: 0.3]),
      ([0, 6, 2, 0, 0, 2, 0, 0, 0, 0], [1: 0.6, 2: 0.2, 5: 0.2]), ([0, 0, 0, 8, 1, 1, 0, 0, 0, 0], [3: 1]),
      ([0, 6, 0, 0, 0, 0, 0, 0, 4, 0], [1: 1]), ([3, 3, 2, 2, 0, 0, 0, 0, 0, 0], nil),
      ([0, 0, 0, 0, 4, 0, 0, 0, 6, 0], nil), ([0, 4, 0, 0, 0, 0, 0, 0, 4, 2], nil),
      ([2, 2, 2, 2, 2, 0, 0, 0, 0, 0], nil), ([0, 5, 2, 0, 0, 0, 0, 0, 0, 3], nil),
      ([0, 0, 0, 0, 0, 0, 0, 0, 0, 0], nil),
    ] as [([Int], [Int: Double]?)])
  func shares(votes: [Int], expected: [Int: Double]?) throws {
    let vocabulary = EmotionClasses.eight.vocabulary
    let (meaning, shares) = FERPlusRule.shares(of: votes, in: vocabulary)
    guard let expected else {
      guard case .dropped = meaning else {
        Issue.record("\(meaning)")
        return
      }
      return
    }
    var wanted = [Float](repeating: 0, count: 8)
    for (column, share) in expected {
      guard case .kept(let label)? = vocabulary.meaning(of: FERPlusRule.names[column]) else { continue }
      wanted[label] = Float(share)
    }
    #expect(zip(shares, wanted).allSatisfy { abs($0 - $1) < 1e-6 } && shares.count == 8)
    guard case .kept(let label) = meaning else {
      Issue.record("\(meaning)")
      return
    }
    #expect(shares[label] == shares.max())
  }

  @Test func sharesAreSoftTargetsOfTheClassesThatAreKept() throws {
    let tree = try Self.tree(["Training,fer0000000.png,0,0,6,0,0,2,2,0,0,0"] + Self.voted.dropFirst())
    let hard = try #require(try Self.open(tree) as? any SoftTargetProviding)
    #expect(!hard.providesSoftTargets)
    let six = try #require(try Self.open(tree, labels: .ferplusShares) as? any SoftTargetProviding)
    #expect(six.providesSoftTargets)
    // 5 to 5 is no majority, and half of each in shares.
    #expect(try six.classNames(.train) == ["surprise", "neutral"])
    #expect(try six.softTargets(at: 0, in: .train) == [[0, 0, 0, 0.75, 0.25, 0]])
    #expect(try six.softTargets(at: 1, in: .train) == [[0.5, 0.5, 0, 0, 0, 0]])
    #expect(six.specification.notes.contains { $0.hasPrefix("labels are the shares of the votes of FER+ in ") })
    let seven = try #require(
      try Self.open(tree, classes: .seven, labels: .ferplusShares) as? any SoftTargetProviding)
    let shares = try #require(try seven.softTargets(at: 0, in: .train)[0])
    #expect(zip(shares, [0, 0, 0, 0.6, 0.2, 0, 0.2]).allSatisfy { abs($0 - Float($1)) < 1e-6 } && shares.count == 7)
  }

  private static let rows = ["Training", "Training", "PublicTest", "PrivateTest", "Training", "Training"]
  private static let voted = [
    "Training,fer0000000.png,0,0,9,0,0,0,1,0,0,0", "Training,fer0000001.png,0,0,0,0,0,8,2,0,0,0",
    "PublicTest,fer0028638.png,0,10,0,0,0,0,0,0,0,0", "PrivateTest,fer0032220.png,0,0,0,0,0,0,9,0,1,0",
    "Training,,0,0,0,0,0,0,0,0,0,10", "Training,fer0000003.png,5,5,0,0,0,0,0,0,0,0",
  ]

  private static func tree(_ voted: [String] = voted) throws -> TestTree {
    // The code of every row is 3, happy: the votes say something else.
    let tree = try FER2013TableTests.tree(rows.enumerated().map { FER2013TableTests.row("3", $0, $1) })
    try tree.write("fer2013new.csv", text: votes(voted))
    return tree
  }

  @Test func theMajorityOfTheVotesIsTheLabel() throws {
    let data = try Self.open(Self.tree())
    #expect(try data.classNames(.train) == ["surprise"])
    #expect(try data.classNames(.validation) == ["happy"] && data.classNames(.test) == ["fear"])
    let notes = data.specification.notes
    for name in ["disgust", "no face", "without a majority"] {
      #expect(notes.contains("1 of 4 training images is \(name) and left out"), "\(notes)")
    }
    #expect(notes.contains { $0.hasPrefix("labels are the majority of the votes of FER+ in ") })
    #expect(!notes.contains { $0.contains("numbers, read as those of fer2013") })
    let eight = try Self.open(Self.tree(), classes: .eight)
    #expect(try eight.classNames(.train) == ["surprise", "disgust"])
    #expect(eight.specification.tasks[0].classes.count == 8)
  }

  @Test func tablesThatDoNotGoTogether() throws {
    for (voted, expected) in [
      (Array(Self.voted.dropLast()), "has 5 rows, and"), (Self.voted + [Self.voted[0]], "has 7 rows, and"),
      ([Self.voted[2]] + Self.voted.dropFirst(), "line 2: the Usage is 'publictest', but 'Training'"),
    ] {
      let error = failure { _ = try Self.open(Self.tree(voted)) }
      #expect(error?.code == SENTRY_BAD_DATA)
      #expect(error?.message.contains(expected) == true, "\(error?.message ?? "")")
      #expect(error?.message.contains("fer2013new.csv") == true && error?.hint?.contains("row") == true)
    }
  }

  @Test(arguments: ["x", "-1", "1.5", "", "99999999999999999999"]) func votesThatAreNone(text: String) throws {
    let error = failure {
      _ = try Self.open(Self.tree(["Training,fer0.png,0,0,9,0,\(text),0,1,0,0,0"] + Self.voted.dropFirst()))
    }
    #expect(error?.code == SENTRY_BAD_DATA)
    #expect(error?.message.contains("line 2: '\(text)' is not a number of votes for anger") == true)
  }

  @Test func whatIsMissingIsSaid() throws {
    let alone = try FER2013TableTests.tree()
    let error = failure { _ = try Self.open(alone) }
    #expect(error?.code == SENTRY_INVALID && error?.hint?.contains("fer2013new.csv") == true)
    let folders = try TestTree.fer2013()
    #expect(failure { _ = try Self.open(folders) }?.message.contains("go by the rows of fer2013.csv") == true)
    let short = try FER2013TableTests.tree()
    try short.write("fer2013new.csv", text: "Usage,Image name,contempt,NF\nTraining,a,1,2\n")
    #expect(failure { _ = try Self.open(short) }?.message.contains("has no column neutral") == true)
  }

  /// A file of the published name is read for what it is, however it is damaged.
  @Test func votesThatLackAColumnAreNotCalledMissing() throws {
    let text = Self.votes(Self.voted)
    let tree = try Self.tree()
    try tree.write("fer2013new.csv", text: text.replacing(",NF", with: ""))
    let column = failure { _ = try Self.open(tree) }
    #expect(
      column?.message.contains("fer2013new.csv: line 1: the header: has no column NF") == true,
      "\(column?.message ?? "")")
    try tree.write("fer2013new.csv", text: text.replacing(",", with: ";"))
    let separator = failure { _ = try Self.open(tree) }
    #expect(separator?.message.contains("the header: has no column Usage") == true, "\(separator?.message ?? "")")
    #expect(separator?.hint?.contains("separated by semicolons") == true)
  }

  @Test func votesThatLeaveNothingAreTheReason() throws {
    let nobody = Self.voted.map { "\($0.prefix { $0 != "," }),a.png,5,5,0,0,0,0,0,0,0,0" }
    let error = failure { _ = try Self.open(Self.tree(nobody)) }
    #expect(error?.code == SENTRY_BAD_DATA)
    #expect(
      error?.message.contains("no image is left: 4 of 4 training images are without a majority and left out") == true,
      "\(error?.message ?? "")")
  }

  @Test func sevenClassesOfFER2013KeepDisgust() throws {
    let tree = try FER2013TableTests.tree()
    let data = try FER2013.open(.init(path: tree.path, classes: .seven), host: nil)
    #expect(data.specification.tasks[0].classes == EmotionClasses.seven.vocabulary.classes)
    #expect(Split.allCases.map(data.count) == [7, 7, 7])
    let byLevel = try (0..<7).map { (Int(try data.pixels(at: $0)[0]) / 10, try data.classNames(.train)[$0]) }
    #expect(Dictionary(uniqueKeysWithValues: byLevel)[1] == "disgust")
    #expect(!data.specification.notes.contains { $0.contains("left out") })
    let images = try TestTree.fer2013()
    let folders = try FER2013.open(.init(path: images.path, classes: .seven), host: nil)
    #expect(Split.allCases.map(folders.count) == [14, 7, 7])
    let error = failure { _ = try FER2013.open(.init(path: tree.path, classes: .eight), host: nil) }
    #expect(error?.code == SENTRY_INVALID && error?.hint?.contains("ferplus") == true)
  }
}
