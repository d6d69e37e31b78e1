import CSentryPlugin
import Crypto
import Glibc
import SentryPluginAPI

/// MD5 and SHA-256 of a file, read in pieces.
struct Checksum {
  /// What is wrong with a file; nil where nothing is.
  static func problem(
    of path: String, for download: Download, isCancelled: () -> Bool = { false }
  ) throws -> String? {
    guard let size = Disk.size(of: path) else { return "it is not a file" }
    if let bytes = download.bytes, size != bytes { return "it has \(size) bytes, \(bytes) are expected" }
    if let md5 = download.md5 {
      let found = try hex(of: path, with: Insecure.MD5.self, isCancelled)
      if found != md5.lowercased() { return "its MD5 is \(found), \(md5.lowercased()) is expected" }
    }
    if let sha256 = download.sha256 {
      let found = try hex(of: path, with: SHA256.self, isCancelled)
      if found != sha256.lowercased() { return "its SHA-256 is \(found), \(sha256.lowercased()) is expected" }
    }
    return nil
  }

  private static func hex<Function: HashFunction>(
    of path: String, with function: Function.Type, _ isCancelled: () -> Bool
  ) throws -> String {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw Disk.failure(path, "cannot be read") }
    defer { close(descriptor) }
    var hash = Function()
    var chunk = [UInt8](repeating: 0, count: 1 << 20)
    while true {
      let count = read(descriptor, &chunk, chunk.count)
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else { throw Disk.failure(path, "cannot be read") }
      if count == 0 { break }
      chunk.withUnsafeBytes { hash.update(bufferPointer: UnsafeRawBufferPointer(rebasing: $0[..<count])) }
      if isCancelled() { throw PluginError("cancelled", code: SENTRY_CANCELLED) }
    }
    return hash.finalize().map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
  }
}
