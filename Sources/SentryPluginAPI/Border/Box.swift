/// Carries a Swift value through a `void *context`.
final class Box<Value> {
  let value: Value
  init(_ value: Value) { self.value = value }

  func retained() -> UnsafeMutableRawPointer { Unmanaged.passRetained(self).toOpaque() }

  static func at(_ context: UnsafeMutableRawPointer?) -> Value {
    // Only a caller that broke the border's contract gets here; there is no value to go on with.
    guard let context else { fatalError("a border object lost its context") }
    return Unmanaged<Box>.fromOpaque(context).takeUnretainedValue().value
  }

  static func release(_ context: UnsafeMutableRawPointer?) {
    if let context { Unmanaged<Box>.fromOpaque(context).release() }
  }
}

/// Allocates without naming the type in a generic context: the size of a C struct must be this compiler's, not that of the
/// runtime's metadata, which all images of a process share.
func borderAllocate<T>(size: Int, _ type: T.Type) -> UnsafeMutablePointer<T> {
  let memory = UnsafeMutableRawPointer.allocate(byteCount: size, alignment: 16)
  memory.initializeMemory(as: UInt8.self, repeating: 0, count: size)
  return memory.assumingMemoryBound(to: type)
}
