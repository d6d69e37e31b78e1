import Testing

@testable import SentryExchange

@Suite struct RecordTests {
  struct Example: Sendable {
    var bytes: [UInt8]
    var checksum: UInt32
  }
  private static let known: [Example] = [
    Example(bytes: [UInt8](repeating: 0, count: 32), checksum: 0x8A91_36AA),
    Example(bytes: [UInt8](repeating: 0xFF, count: 32), checksum: 0x62A8_AB43),
    Example(bytes: Array(0..<32), checksum: 0x46DD_794E),
    Example(bytes: Array((0..<32).reversed()), checksum: 0x113F_DB5C),
    Example(bytes: Array("123456789".utf8), checksum: 0xE306_9283),
    Example(bytes: [], checksum: 0),
  ]

  /// Appendix B.4 of RFC 3720, and the check value of the catalogue of CRC algorithms.
  @Test(arguments: known) func knownChecksums(example: Example) {
    #expect(CRC32C.value(example.bytes) == example.checksum)
  }

  /// As TensorFlow's crc32c::Mask: turned right by 15, and a constant added.
  @Test func theMask() {
    #expect(CRC32C.masked([]) == 0xA282_EAD8)
    #expect(CRC32C.masked(Array("123456789".utf8)) == 0xC78A_B0E5)
  }

  /// Written by tensorboard 2.21's RecordWriter.
  @Test func aFrameIsTensorBoards() {
    #expect(
      Record.framed(Array("sentry".utf8)) == [
        0x06, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x73, 0x69, 0xD5, 0x37, 0x73, 0x65, 0x6E, 0x74, 0x72, 0x79,
        0x34, 0x81, 0x44, 0x12,
      ])
    #expect(
      Record.framed([]) == [
        0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x29, 0x03, 0x98, 0x07, 0xD8, 0xEA, 0x82, 0xA2,
      ])
  }
}
