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
  /// - Parameter isPicture: a colour picture whose three channels are equal counts as the grey one that it shows.
  init(_ sample: Tensor, isPicture: Bool = false) {
    if isPicture, let grey = Self.greyChannel(of: sample) {
      self.init(sample.dtype, Array(sample.shape.dropLast()) + [1], grey)
      return
    }
    var hash = SHA256()
    Self.head(sample.dtype, sample.shape, &hash)
    hash.update(bufferPointer: UnsafeRawBufferPointer(start: sample.data, count: sample.byteCount))
    self.init(hash.finalize())
  }

  private init(_ dtype: DType, _ shape: [Int], _ bytes: [UInt8]) {
    var hash = SHA256()
    Self.head(dtype, shape, &hash)
    bytes.withUnsafeBytes { hash.update(bufferPointer: $0) }
    self.init(hash.finalize())
  }

  private static func head(_ dtype: DType, _ shape: [Int], _ hash: inout SHA256) {
    Array("\(dtype.rawValue) \(shape)".utf8).withUnsafeBytes { hash.update(bufferPointer: $0) }
  }

  /// nil for what is no picture of three equal channels.
  private static func greyChannel(of sample: Tensor) -> [UInt8]? {
    guard sample.shape.count == 3, sample.shape[2] == 3, let pixels = try? sample.elements(as: UInt8.self) else {
      return nil
    }
    var grey: [UInt8] = []
    grey.reserveCapacity(pixels.count / 3)
    for at in stride(from: 0, to: pixels.count - 2, by: 3) {
      guard pixels[at] == pixels[at + 1], pixels[at] == pixels[at + 2] else { return nil }
      grey.append(pixels[at])
    }
    return grey
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
