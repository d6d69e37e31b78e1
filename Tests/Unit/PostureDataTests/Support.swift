import Foundation
import SentryFormats
import SentryPluginAPI
import Testing

/// A folder that a test fills and that goes with it.
final class Tree {
  let path: String

  init() throws {
    path = FileManager.default.temporaryDirectory.appendingPathComponent("sentry-posture-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  func file(_ relative: String) throws -> String {
    let full = "\(path)/\(relative)"
    try FileManager.default.createDirectory(
      atPath: (full as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
    return full
  }

  func write(_ relative: String, text: String) throws {
    try Data(text.utf8).write(to: URL(fileURLWithPath: try file(relative)))
  }

  func write(_ relative: String, bytes: [UInt8]) throws {
    try Data(bytes).write(to: URL(fileURLWithPath: try file(relative)))
  }

  /// An array of `shape`, counting from `first` unless values are given.
  func array(_ relative: String, _ shape: [Int], from first: Float = 0, values: [Float]? = nil) throws {
    let count = shape.reduce(1, *)
    try NPYFile.write(
      StoredTensor(values ?? (0..<count).map { first + Float($0) }, shape: shape), to: try file(relative))
  }

  func copy(_ fixture: String, to relative: String) throws {
    try FileManager.default.copyItem(atPath: Fixture.path(fixture), toPath: try file(relative))
  }
}

enum Fixture {
  static func path(_ name: String) -> String {
    (#filePath as NSString).deletingLastPathComponent + "/Fixtures/\(name)"
  }
}

/// The error of what must fail.
func failure(_ body: () throws -> Void) -> PluginError? {
  do {
    try body()
    return nil
  } catch {
    return error as? PluginError
  }
}
