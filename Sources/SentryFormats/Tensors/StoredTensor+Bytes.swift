extension StoredTensor {
  /// Calls `body` with all bytes. A tensor in a file is loaded for the duration of the call; throws ``FormatError``
  /// where that fails, or what `body` throws.
  public func withUnsafeBytes<Result>(_ body: (UnsafeRawBufferPointer) throws -> Result) throws -> Result {
    switch contents {
    case .owned(let bytes): return try bytes.withUnsafeBytes(body)
    case .borrowed(let borrowed):
      return try withExtendedLifetime(borrowed.owner) { try body(borrowed.bytes) }
    case .file(let region): return try region.load().withUnsafeBytes(body)
    }
  }

  /// Copies the bytes to `target`, which must have exactly ``byteCount`` of them; from a file without a detour.
  /// Throws ``FormatError``.
  public func copyBytes(into target: UnsafeMutableRawBufferPointer) throws {
    guard target.count == byteCount else {
      throw FormatError(
        .invalidValue, file: "", "a tensor of \(byteCount) bytes cannot be copied to memory of \(target.count)")
    }
    if case .file(let region) = contents { return try region.copy(into: target) }
    try withUnsafeBytes { target.copyMemory(from: $0) }
  }

  /// All bytes as an array. Throws ``FormatError`` where the file cannot be read.
  public func bytes() throws -> [UInt8] {
    try withUnsafeBytes { [UInt8]($0) }
  }

  /// Passes the bytes in order, in pieces of whole elements that stay in the cache.
  func forEachChunk(_ body: (UnsafeRawBufferPointer) throws -> Void) throws {
    let size = 1 << 18
    if case .file(let region) = contents { return try region.forEachChunk(of: size, body) }
    try withUnsafeBytes { bytes in
      var start = 0
      while start < bytes.count {
        let end = min(start + size, bytes.count)
        try body(UnsafeRawBufferPointer(rebasing: bytes[start..<end]))
        start = end
      }
    }
  }
}
