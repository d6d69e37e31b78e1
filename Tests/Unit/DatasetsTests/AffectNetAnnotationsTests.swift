import CSentryPlugin
import SentryPluginAPI
import SentryTables
import SentryTestSupport
import Testing

@testable import DatasetAffectNet

/// `images/0.jpg` and `annotations/0_exp.npy`.
@Suite struct AffectNetAnnotationsTests {
  /// What numpy.save writes for `numpy.array("3")`, or for a number.
  private static func array(_ text: String, type: String? = nil) -> [UInt8] {
    let type = type ?? "<U\(max(1, text.count))"
    var header = "{'descr': '\(type)', 'fortran_order': False, 'shape': (), }"
    header += String(repeating: " ", count: 117 - header.count) + "\n"
    let data: [UInt8] =
      type == "<i8" ? [UInt8(text) ?? 0, 0, 0, 0, 0, 0, 0, 0] : text.utf8.flatMap { [$0, 0, 0, 0] }
    return [0x93] + Array("NUMPY".utf8) + [1, 0, 118, 0] + Array(header.utf8) + data
  }

  private static func tree(train: [String], validation: [String], _ folders: [String] = ["train_set", "val_set"]) throws
    -> TestTree
  {
    let tree = try TestTree()
    for (folder, labels) in zip(folders, [train, validation]) {
      for (index, label) in labels.enumerated() {
        try tree.image("\(folder)/images/\(index).jpg", level: UInt8(index))
        try tree.write("\(folder)/annotations/\(index)_exp.npy", array(label, type: index % 2 == 0 ? nil : "<i8"))
        try tree.write("\(folder)/annotations/\(index)_val.npy", array("0"))
      }
    }
    return tree
  }

  @Test func numbersAsTextAndAsNumbersAreTheAuthors() throws {
    let tree = try Self.tree(train: (0...7).map(String.init), validation: ["6", "1"])
    let data = try AffectNetFoldersTests.open(tree.path)
    #expect(Split.allCases.map(data.count) == [6, 2, 0])
    #expect(try data.classNames(.train) == ["neutral", "happy", "sad", "surprise", "fear", "anger"])
    #expect(try data.classNames(.validation) == ["anger", "happy"])
    #expect(try data.pixels(at: 5)[0] == 6, "the image beside the annotation")
    let notes = data.specification.notes
    #expect(notes.contains { $0.hasPrefix("annotations of training images are numbers, read as those of affectnet") })
    #expect(notes.contains("1 of 8 training images is contempt and left out"))
    let eight = try AffectNet.open(.init(path: tree.path, classes: .eight), host: nil)
    #expect(try eight.classNames(.train).suffix(3) == ["disgust", "anger", "contempt"])
    #expect(AffectNet.score(tree.path) == 95 && AffectNet.score("\(tree.path)/train_set") == 95)
    #expect(try AffectNetFoldersTests.open("\(tree.path)/val_set").classNames(.train) == ["anger", "happy"])
  }

  @Test(arguments: ["11", "-1", "x", "", "1.5"]) func expressionsThatAreNone(label: String) throws {
    let tree = try Self.tree(train: ["1", "2"], validation: ["1"])
    try tree.image("train_set/images/9.jpg")
    try tree.write("train_set/annotations/9_exp.npy", Self.array(label.isEmpty ? "\0" : label))
    let error = failure { _ = try AffectNetFoldersTests.open(tree.path) }
    #expect(error?.code == SENTRY_BAD_DATA)
    #expect(error?.message.contains("9_exp.npy: '\(label)' is not the number of an expression") == true)
  }

  @Test func damagedAnnotationsAreNamed() throws {
    let whole = Self.array("3")
    for bytes in [[], Array(whole.dropLast()), whole + [0], Array("text".utf8)] {
      let tree = try Self.tree(train: ["1"], validation: ["1"])
      try tree.write("train_set/annotations/0_exp.npy", bytes)
      let error = failure { _ = try AffectNetFoldersTests.open(tree.path) }
      #expect(error?.code == SENTRY_BAD_DATA && error?.message.contains("0_exp.npy") == true)
    }
  }

  @Test func whatHasNoPartnerIsSaid() throws {
    let tree = try Self.tree(train: ["1", "2"], validation: ["1"])
    try tree.write("train_set/annotations/7_exp.npy", Self.array("3"))
    let data = try AffectNetFoldersTests.open(tree.path)
    #expect(data.specification.notes.contains("1 annotation of training images that are missing on disk"))
    #expect(failure { _ = try data.sample(at: 2, in: .train) }?.message.contains("train_set/images/7.jpg") == true)
    try tree.image("train_set/images/8.jpg")
    let error = failure { _ = try AffectNetFoldersTests.open(tree.path) }
    #expect(error?.message.contains("1 image without an annotation, for example 8.jpg") == true)
    try tree.write("train_set/annotations/8_exp.npy", Self.array("3"))
    try tree.image("train_set/images/8.png")
    #expect(
      failure { _ = try AffectNetFoldersTests.open(tree.path) }?.message.contains("8.jpg and 8.png have one annotation")
        == true)
  }
}
