import Glibc
import SentryBase
import SentryDigest
import SentryPluginAPI

/// SHA-256, as a key.
struct Digest256: Hashable, Sendable {
  private let words: SIMD4<UInt64>

  init(_ bytes: some Sequence<UInt8>) {
    var words = SIMD4<UInt64>.zero
    for (index, byte) in bytes.enumerated() where index < 32 {
      words[index / 8] = words[index / 8] << 8 | UInt64(byte)
    }
    self.words = words
  }

  /// Of a sample: type, shape and bytes.
  init(_ sample: Tensor) {
    var hash = SHA256()
    let head = "\(sample.dtype.rawValue) \(sample.shape)"
    Array(head.utf8).withUnsafeBytes { hash.update(bufferPointer: $0) }
    hash.update(bufferPointer: UnsafeRawBufferPointer(start: sample.data, count: sample.byteCount))
    self.init(hash.finalize())
  }

  /// Of a file's contents. Throws ``PluginError``.
  init(ofFile path: String) throws {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw SystemFile.failure(path, "cannot be opened") }
    defer { close(descriptor) }
    var hash = SHA256()
    do {
      try hash.update(reading: descriptor)
    } catch let error as SystemError {
      throw PluginError.system(path, "cannot be read", error)
    }
    self.init(hash.finalize())
  }
}
