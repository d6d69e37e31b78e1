import CZlib

/// Running CRC-32 (ISO 3309, as in zip), computed by zlib.
struct CRC32 {
  private var state: UInt = 0

  var value: UInt32 { UInt32(truncatingIfNeeded: state) }

  mutating func update(_ bytes: UnsafeRawBufferPointer) {
    guard let base = bytes.bindMemory(to: UInt8.self).baseAddress else { return }
    state = crc32_z(state, base, bytes.count)
  }
}
