import Glibc
import SentryBase
import SentryPluginAPI
import SentryRuntime

/// Writes one JSON object per frame, as lines. The file grows about once a second, by whole lines.
package final class JSONLinesSink: LiveSink {
  private let file: GrowingFile
  private var lines: [UInt8] = []
  private var written = MonotonicClock.seconds()
  private static let interval = 1.0

  package let isDrawn = false

  /// - Throws: ``FormatError`` where the file exists and may not be replaced, or cannot be made.
  package init(_ path: String, overwrite: Bool) throws {
    try OutputFiles.clear(path, overwrite: overwrite)
    file = try GrowingFile(creating: path)
  }

  package func receive(_ image: Tensor, _ frame: LiveFrame) throws -> LiveCommand {
    lines += Array((try JSON.text(frame.json) + "\n").utf8)
    if MonotonicClock.seconds() - written >= Self.interval { try flush() }
    return .go
  }

  package func finish() throws { try flush() }

  private func flush() throws {
    guard !lines.isEmpty else { return }
    try file.append(lines)
    lines = []
    written = MonotonicClock.seconds()
  }
}

/// Files that a command makes anew.
package enum OutputFiles {
  /// Makes room for a new file.
  /// - Throws: ``PluginError`` for a path that is no name of a file, is a folder or a device, or exists and may not be replaced.
  package static func clear(_ path: String, overwrite: Bool) throws {
    var status = stat()
    guard !path.isEmpty, !path.hasSuffix("/") else {
      throw PluginError.invalid("'\(path)' is no name of a file", hint: "give the name of the file to write")
    }
    guard lstat(path, &status) == 0 else { return }
    guard status.st_mode & S_IFMT == S_IFREG else {
      throw PluginError.invalid("\(path) is no regular file", hint: "give the name of a new file")
    }
    guard overwrite else { throw PluginError.invalid("\(path) exists", hint: "give another name, or --overwrite") }
    guard unlink(path) == 0 else {
      throw PluginError("\(path) cannot be replaced: \(SystemError.last.text)", hint: "check the folder's permissions")
    }
  }
}
