import CSentryPlugin
import FoundationEssentials
import Glibc
import SentryDigest
import SentryPluginAPI

/// What tells one state of a file from another without reading it.
package struct FileIdentity: Codable, Sendable, Equatable {
  package var path: String
  package var size: Int64
  var inode: UInt64
  package var device: UInt64
  /// Nanoseconds since 1970, of the last change of the content and of the entry (which no tool sets back).
  var modified: Int64
  var changed: Int64

  package init(of path: String) throws {
    var info = stat()
    guard stat(path, &info) == 0 else { throw PluginError("\(path): \(Paths.lastError)") }
    try self.init(info, path: path)
  }

  /// Of an open file.
  init(of descriptor: Int32, path: String) throws {
    var info = stat()
    guard fstat(descriptor, &info) == 0 else { throw PluginError("\(path): \(Paths.lastError)") }
    try self.init(info, path: path)
  }

  private init(_ info: stat, path: String) throws {
    guard info.st_mode & S_IFMT == S_IFREG else { throw PluginError("\(path) is not a file") }
    self.path = path
    (size, inode, device) = (Int64(info.st_size), UInt64(info.st_ino), UInt64(info.st_dev))
    modified = Int64(info.st_mtim.tv_sec) &* 1_000_000_000 &+ Int64(info.st_mtim.tv_nsec)
    changed = Int64(info.st_ctim.tv_sec) &* 1_000_000_000 &+ Int64(info.st_ctim.tv_nsec)
  }

  /// SHA-256 of the content, in hexadecimal; reads the file in pieces.
  package static func sha256(of path: String) throws -> String {
    let descriptor = try SystemCall.open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    defer { close(descriptor) }
    _ = try FileIdentity(of: descriptor, path: path)
    return try sha256(of: descriptor, path: path)
  }

  /// The same of an open file, from its beginning.
  static func sha256(of descriptor: Int32, path: String) throws -> String {
    var hash = SHA256()
    var chunk = [UInt8](repeating: 0, count: 1 << 18)
    var offset: off_t = 0
    while true {
      let count = SystemError.repeating { pread(descriptor, &chunk, chunk.count, offset) }
      guard count >= 0 else { throw PluginError("\(path): \(Paths.lastError)") }
      if count == 0 { return hex(hash.finalize()) }
      chunk.withUnsafeBytes { hash.update(bufferPointer: UnsafeRawBufferPointer(rebasing: $0[..<count])) }
      offset += count
    }
  }

  package static func sha256(ofText text: String) -> String { hex(SHA256.hash(data: Array(text.utf8))) }

  static func hex(_ bytes: some Sequence<UInt8>) -> String {
    bytes.hexadecimal
  }
}
