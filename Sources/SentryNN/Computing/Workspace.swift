import COneDNN

/// One thread's own memory: an execution stream, scratch buffers that grow to what the layers need, a profile.
final class Workspace {
  enum Slot: Int, CaseIterable {
    case activation, output, gradient, pooled, primitive, weightGradient
  }

  let thread: Int
  let stream: Stream
  var failure: (any Error)?
  var profile = Profile()
  private let scratch: [FloatBuffer]

  init(thread: Int, engine: Engine) throws {
    self.thread = thread
    stream = try Stream(engine)
    scratch = Slot.allCases.map { _ in FloatBuffer() }
  }

  /// At least `count` floats with whatever was last left there.
  func scratch(_ slot: Slot, _ count: Int) throws -> UnsafeMutablePointer<Float> {
    let buffer = scratch[slot.rawValue]
    try buffer.reserve(count)
    return buffer.pointer
  }
}
