import Glibc

extension Array<UInt8> {
  /// Index of the first `byte` in `range`, found by the C library several times faster than by a loop.
  func firstIndex(of byte: UInt8, in range: Range<Int>) -> Int? {
    withUnsafeBytes { bytes in
      let part = UnsafeRawBufferPointer(rebasing: bytes[range])
      guard let base = part.baseAddress, let found = memchr(base, Int32(byte), part.count) else { return nil }
      return range.lowerBound + (UnsafeRawPointer(found) - base)
    }
  }
}
