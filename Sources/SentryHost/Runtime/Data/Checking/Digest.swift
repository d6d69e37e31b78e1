import Crypto
import Glibc
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
    var chunk = [UInt8](repeating: 0, count: 1 << 17)
    while true {
      let count = read(descriptor, &chunk, chunk.count)
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else { throw SystemFile.failure(path, "cannot be read") }
      if count == 0 { break }
      chunk.withUnsafeBytes { hash.update(bufferPointer: UnsafeRawBufferPointer(rebasing: $0[..<count])) }
    }
    self.init(hash.finalize())
  }
}
