import Foundation

/// A folder that a test fills and that goes with it.
public final class TestTree {
  public let path: String

  public init() throws {
    path = FileManager.default.temporaryDirectory.appendingPathComponent("sentry-datasets-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  /// Writes a file, with its folders.
  public func write(_ relative: String, _ bytes: [UInt8]) throws {
    let full = "\(path)/\(relative)"
    try FileManager.default.createDirectory(
      atPath: (full as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
    try Data(bytes).write(to: URL(fileURLWithPath: full))
  }

  public func write(_ relative: String, text: String) throws { try write(relative, Array(text.utf8)) }

  /// A grey picture whose pixels all have one level.
  public func image(_ relative: String, level: UInt8 = 128, side: Int = 4) throws {
    try write(relative, PNG.grey(side, side) { _, _ in level })
  }

  public func folder(_ relative: String) throws {
    try FileManager.default.createDirectory(atPath: "\(path)/\(relative)", withIntermediateDirectories: true)
  }

  public func link(_ relative: String, to target: String) throws {
    try FileManager.default.createSymbolicLink(atPath: "\(path)/\(relative)", withDestinationPath: target)
  }
}

/// Small sets of faces, flat grey ones, in the folders of the datasets that they are named after.
extension TestTree {
  public static let fer2013Classes = ["angry", "disgust", "fear", "happy", "neutral", "sad", "surprise"]
  public static let affectNetClasses = ["neutral", "happy", "sad", "surprise", "fear", "disgust", "anger", "contempt"]

  /// Two training images and one of each test split in every class, no two alike.
  public static func fer2013() throws -> TestTree {
    let tree = try TestTree()
    for (level, name) in fer2013Classes.enumerated() {
      let level = UInt8(level * 4)
      try tree.image("train/\(name)/Training_1\(level).jpg", level: level)
      try tree.image("train/\(name)/Training_2\(level).jpg", level: level + 1)
      try tree.image("test/\(name)/PublicTest_3\(level).jpg", level: level + 2)
      try tree.image("test/\(name)/PrivateTest_4\(level).jpg", level: level + 3)
    }
    return tree
  }

  /// Two training images and one validation image in every class.
  public static func affectNet(train: String = "train", validation: String = "val") throws -> TestTree {
    let tree = try TestTree()
    for name in affectNetClasses {
      try tree.image("\(train)/\(name)/1.png")
      try tree.image("\(train)/\(name)/2.png")
      try tree.image("\(validation)/\(name.capitalized)/1.png")
    }
    return tree
  }
}
