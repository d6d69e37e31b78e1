import CSentryPlugin
import Glibc
import SentryBase
import SentryDigest
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
      let found = try hex(of: path, with: MD5.self, isCancelled)
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
    do {
      try hash.update(reading: descriptor) {
        if isCancelled() { throw PluginError("cancelled", code: SENTRY_CANCELLED) }
      }
    } catch let error as SystemError {
      throw Disk.failure(path, "cannot be read", error)
    }
    return hash.finalize().hexadecimal
  }
}
