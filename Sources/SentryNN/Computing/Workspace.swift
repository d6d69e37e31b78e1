import COneDNN

/// One thread's own memory: an execution stream, scratch buffers that grow to what the layers need, a profile.
final class Workspace {
  enum Slot: Int, CaseIterable {
    case activation, output, gradient, pooled, primitive, weightGradient
  }

  let thread: Int
  let stream: Stream
  var failure: (any Error)?
  /// Whether `weightGradient` holds a sum of ``WinogradConvolution``.
  var hasWinogradSum = false
  var profile = Profile()
  var isProfiling = false
  private let precision: Precision
  private let scratch: [FloatBuffer]

  init(thread: Int, engine: Engine, precision: Precision) throws {
    (self.thread, self.precision) = (thread, precision)
    stream = try Stream(engine)
    scratch = Slot.allCases.map { _ in FloatBuffer() }
  }

  /// At least `count` floats with whatever was last left there.
  func scratch(_ slot: Slot, _ count: Int) throws -> UnsafeMutablePointer<Float> {
    let buffer = scratch[slot.rawValue]
    try buffer.reserve(count)
    return buffer.pointer
  }

  /// At least `count` activations, likewise.
  func activations(_ slot: Slot, _ count: Int) throws -> Elements {
    let floats = try scratch(slot, (count * precision.size + 3) / 4)
    return Elements(data: floats, precision: precision)
  }

  /// Bytes of all scratch buffers.
  var byteCount: Int { scratch.reduce(0) { $0 + 4 * $1.capacity } }
}
