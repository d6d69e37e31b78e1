import CZlib

/// A stream of raw deflate data (RFC 1951), inflated by zlib.
final class Inflater {
  private var stream = z_stream()
  private var output = [UInt8](repeating: 0, count: 1 << 18)
  private(set) var isAtEnd = false

  /// Throws nothing but `nil` for want of memory: the caller names the file.
  init?() {
    guard inflateInit2_(&stream, -MAX_WBITS, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK else {
      return nil
    }
  }

  deinit { inflateEnd(&stream) }

  /// Passes on what the piece inflates to. Returns false where it is not deflate data.
  func feed(_ piece: UnsafeRawBufferPointer, _ body: (UnsafeRawBufferPointer) throws -> Void) rethrows -> Bool {
    guard !isAtEnd, let base = piece.bindMemory(to: UInt8.self).baseAddress else { return piece.isEmpty }
    stream.next_in = UnsafeMutablePointer(mutating: base)
    stream.avail_in = UInt32(piece.count)
    while true {
      let capacity = output.count
      let status: Int32 = output.withUnsafeMutableBufferPointer { room in
        stream.next_out = room.baseAddress
        stream.avail_out = UInt32(capacity)
        return inflate(&stream, Z_NO_FLUSH)
      }
      let count = capacity - Int(stream.avail_out)
      if count > 0 { try output.withUnsafeBytes { try body(UnsafeRawBufferPointer(rebasing: $0[..<count])) } }
      if status == Z_STREAM_END {
        isAtEnd = true
        return stream.avail_in == 0
      }
      // Nothing more can be done with this piece.
      if status == Z_BUF_ERROR || (status == Z_OK && stream.avail_in == 0 && stream.avail_out > 0) { return true }
      guard status == Z_OK else { return false }
    }
  }
}
