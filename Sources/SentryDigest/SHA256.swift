import CNettle

/// SHA-256 (FIPS 180-4), by Nettle, which computes it with the CPU's own instructions where it has them.
package struct SHA256: HashFunction {
  private var state = sha256_ctx()

  package init() { nettle_sha256_init(&state) }

  package mutating func update(bufferPointer bytes: UnsafeRawBufferPointer) {
    nettle_sha256_update(&state, bytes.count, bytes.baseAddress?.assumingMemoryBound(to: UInt8.self))
  }

  package mutating func finalize() -> [UInt8] {
    var digest = [UInt8](repeating: 0, count: 32)
    nettle_sha256_digest(&state, digest.count, &digest)
    return digest
  }
}
