import CSentryPlugin
import Foundation
import SentryFormats
import Testing

@testable import SentryPluginAPI
@testable import SourcesPosture

/// A host without a terminal: the services that preparers use.
enum QuietHost {
  nonisolated(unsafe) private static let services: UnsafeMutablePointer<sentry_host> = {
    let size = MemoryLayout<sentry_host>.size
    let host = UnsafeMutableRawPointer.allocate(byteCount: size, alignment: 16)
      .initializeMemory(as: UInt8.self, repeating: 0, count: size)
    let raw = UnsafeMutableRawPointer(host).assumingMemoryBound(to: sentry_host.self)
    raw.pointee.struct_size = UInt32(size)
    raw.pointee.log = { _, _, _, _ in }
    raw.pointee.is_cancelled = { _ in 0 }
    raw.pointee.progress = { _, _, _, _ in }
    raw.pointee.thread_count = { _ in 1 }
    raw.pointee.parallel_for = { _, count, user, body in for index in 0..<count { body(user, index, 0) } }
    return raw
  }()

  static var host: SentryPluginAPI.Host { SentryPluginAPI.Host(raw: services, component: "test") }
}

/// A folder that a test fills and that goes with it.
final class Tree {
  let root = "/tmp/sentry-sources-tests-\(UUID().uuidString)"
  init() throws { try FileManager.default.createDirectory(atPath: root, withIntermediateDirectories: true) }
  deinit { try? FileManager.default.removeItem(atPath: root) }

  func path(_ name: String) -> String { "\(root)/\(name)" }
  var output: String { path("posture") }

  @discardableResult func write(_ name: String, _ text: String) throws -> String {
    let path = path(name)
    try FileManager.default.createDirectory(
      atPath: (path as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
    try Data(text.utf8).write(to: URL(fileURLWithPath: path))
    return path
  }

  func array(_ name: String, _ values: [Float], shape: [Int]) throws {
    try write(name, "")
    try NPYFile.write(StoredTensor(values, shape: shape), to: path(name))
  }

  var names: [String] { ((try? FileManager.default.contentsOfDirectory(atPath: root)) ?? []).sorted() }

  /// The labels of a split of the output.
  func labels(_ split: String) throws -> [String: PostureLabels] {
    let path = "\(output)/\(split)/labels.json"
    guard FileManager.default.fileExists(atPath: path) else { return [:] }
    let data = try Data(contentsOf: URL(fileURLWithPath: path))
    return try JSONDecoder().decode([String: PostureLabels].self, from: data)
  }

  func allLabels() throws -> [String: PostureLabels] {
    try labels("train").merging(try labels("val")) { first, _ in first }
  }

  /// A sequence of either split.
  func sequence(_ name: String) throws -> (shape: [Int], values: [Float]) {
    for split in ["train", "val"] {
      let file = "\(output)/\(split)/sequences/\(name).npy"
      guard FileManager.default.fileExists(atPath: file) else { continue }
      let tensor = try NPYFile.read(file)
      return (tensor.shape, try tensor.floats())
    }
    throw PluginError("there is no sequence \(name)")
  }
}

func options(
  derive: String = "", minFrames: Int = 1, valFraction: Double = 0.34, seed: UInt64 = 42, labels: String? = nil
) -> PreparerOptions {
  PreparerOptions(seed: seed, valFraction: valFraction, minFrames: minFrames, derive: derive, labels: labels)
}

/// What a preparer reports; nothing may be left of its work.
func failure(_ tree: Tree, _ source: any Preparer, _ raw: String) throws -> PluginError {
  let before = tree.names
  let error = #expect(throws: PluginError.self) { try source.prepare(raw, to: tree.output) }
  #expect(tree.names == before, "something was left behind")
  return try #require(error)
}

/// The real data beside the project; tests that need them are skipped where they are absent.
enum SharedData {
  static let folder: String = {
    var url = URL(fileURLWithPath: #filePath)
    for _ in 0..<5 { url.deleteLastPathComponent() }
    return url.appendingPathComponent("shared/data").path
  }()
  static func path(_ relative: String) -> String { "\(folder)/\(relative)" }
  static func has(_ relative: String) -> Bool { FileManager.default.fileExists(atPath: path(relative)) }
}
