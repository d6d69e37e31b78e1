import Foundation
import SentryPluginAPI
import Testing

@testable import SentryLandmarks

/// A folder that goes with the object.
final class Tree {
  let root = "/tmp/sentry-landmark-tests-\(UUID().uuidString)"
  init() throws { try FileManager.default.createDirectory(atPath: root, withIntermediateDirectories: true) }
  deinit { try? FileManager.default.removeItem(atPath: root) }

  @discardableResult func write(_ name: String, _ text: String) throws -> String {
    let url = URL(filePath: "\(root)/\(name)")
    try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(text.utf8).write(to: url)
    return url.path
  }
}

extension LandmarkSource {
  func frames() throws -> [LandmarkFrame] {
    var frames: [LandmarkFrame] = []
    try forEachFrame {
      frames.append($0)
      return true
    }
    return frames
  }
}

/// What opening or reading a path throws, as text.
func failure(_ path: String, _ options: LandmarkOptions = LandmarkOptions()) -> String? {
  do {
    _ = try LandmarkFiles.open(path, options).frames()
    return nil
  } catch {
    return "\(error)"
  }
}
