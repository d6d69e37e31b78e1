import Glibc
import SentryPluginAPI

/// What a supervised process tells its ``Supervisor``, through memory that they share: code of a plugin can neither close it, nor
/// fill it up, nor keep it open.
///
/// The answer is signed with a number that was drawn for this one process and stands nowhere else: a text that was written
/// beforehand is none.
package struct ChildReport {
  static let capacity = 16 << 20

  private let memory: UnsafeMutableRawPointer
  private let nonce: [UInt64]
  private var header: Int { nonce.count * 8 + 8 }

  /// nil where there is no memory.
  init?() {
    let size = Self.capacity + 4096
    guard let memory = mmap(nil, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0), memory != MAP_FAILED
    else { return nil }
    self.memory = memory
    var random = SystemRandomNumberGenerator()
    nonce = (0..<4).map { _ in random.next() }
  }

  /// - Returns: whether there was room.
  package func publish(_ result: some Encodable) -> Bool {
    guard let text = try? JSON.text(result), text.utf8.count <= Self.capacity else { return false }
    let bytes = Array(text.utf8)
    bytes.withUnsafeBytes {
      (memory + header).copyMemory(from: $0.baseAddress ?? UnsafeRawPointer(memory), byteCount: $0.count)
    }
    memory.storeBytes(of: UInt64(bytes.count), toByteOffset: nonce.count * 8, as: UInt64.self)
    for (index, part) in nonce.enumerated() { memory.storeBytes(of: part, toByteOffset: index * 8, as: UInt64.self) }
    return true
  }

  /// What was published, once the process that did it is gone; nil where nothing was.
  var published: String? {
    guard nonce.indices.allSatisfy({ memory.load(fromByteOffset: $0 * 8, as: UInt64.self) == nonce[$0] }) else {
      return nil
    }
    let count = memory.load(fromByteOffset: nonce.count * 8, as: UInt64.self)
    guard count <= UInt64(Self.capacity) else { return nil }
    return String(decoding: UnsafeRawBufferPointer(start: memory + header, count: Int(count)), as: UTF8.self)
  }
}
