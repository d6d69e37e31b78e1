import Glibc
import SentryBase

/// A digest that is made piece by piece.
package protocol HashFunction: Sendable {
  init()

  mutating func update(bufferPointer bytes: UnsafeRawBufferPointer)

  /// The digest of all pieces, to be asked for once.
  mutating func finalize() -> [UInt8]
}

extension HashFunction {
  package static func hash(data: [UInt8]) -> [UInt8] {
    var hash = Self()
    data.withUnsafeBytes { hash.update(bufferPointer: $0) }
    return hash.finalize()
  }

  /// Takes in what is left to read of an open file.
  /// - Parameter advance: called after each piece; what it throws ends the reading.
  /// - Throws: ``SystemError`` where the file cannot be read, or what `advance` throws.
  package mutating func update(reading descriptor: Int32, _ advance: () throws -> Void = {}) throws {
    let piece = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 18, alignment: 64)
    defer { piece.deallocate() }
    while true {
      let count = SystemError.repeating { read(descriptor, piece.baseAddress, piece.count) }
      guard count >= 0 else { throw SystemError.last }
      guard count > 0 else { return }
      update(bufferPointer: UnsafeRawBufferPointer(rebasing: piece[..<count]))
      try advance()
    }
  }
}

extension Sequence<UInt8> {
  /// Two digits a byte, in lower case.
  package var hexadecimal: String { map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined() }
}
