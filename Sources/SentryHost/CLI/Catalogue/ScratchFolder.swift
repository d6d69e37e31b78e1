import FoundationEssentials
import Glibc
import SentryPluginAPI
import SentryRuntime

/// A folder that goes with the object.
final class ScratchFolder {
  let path: String

  /// Beside `neighbour`, so that there is room where the result will be.
  init(beside neighbour: String, for what: String) throws {
    var end = Substring(neighbour)
    while end.count > 1, end.hasSuffix("/") { end = end.dropLast() }
    let parent = Paths.folder(of: String(end))
    try SystemFile.makeFolder(parent)
    path = "\(parent)/.\(Paths.last(String(end))).\(what)-\(getpid())"
    guard mkdir(path, 0o777) == 0 else { throw SystemFile.failure(path, "the folder cannot be created") }
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }
}
