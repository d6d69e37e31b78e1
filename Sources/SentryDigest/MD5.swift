import CNettle

/// MD5 (RFC 1321), by Nettle: against damage on the way, since many archives of data state no other checksum. It keeps out
/// nobody who means harm.
package struct MD5: HashFunction {
  private var state = md5_ctx()

  package init() { nettle_md5_init(&state) }

  package mutating func update(bufferPointer bytes: UnsafeRawBufferPointer) {
    nettle_md5_update(&state, bytes.count, bytes.baseAddress?.assumingMemoryBound(to: UInt8.self))
  }

  package mutating func finalize() -> [UInt8] {
    var digest = [UInt8](repeating: 0, count: 16)
    nettle_md5_digest(&state, digest.count, &digest)
    return digest
  }
}
