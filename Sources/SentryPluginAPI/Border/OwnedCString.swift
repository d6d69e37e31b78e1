/// A NUL-terminated copy of a string whose address does not move.
final class OwnedCString: @unchecked Sendable {
  private let storage: UnsafeMutableBufferPointer<CChar>
  let pointer: UnsafePointer<CChar>

  init(_ string: String) {
    storage = .allocate(capacity: string.utf8.count + 1)
    _ = storage.initialize(from: string.utf8.lazy.map(CChar.init(bitPattern:)))
    storage[string.utf8.count] = 0
    pointer = UnsafePointer(storage.baseAddress.unsafelyUnwrapped)
  }

  deinit { storage.deallocate() }

  /// A string that the process keeps for good: what a plugin says of itself.
  static func permanent(_ string: String) -> UnsafePointer<CChar> {
    Unmanaged.passRetained(OwnedCString(string)).takeUnretainedValue().pointer
  }
}
