import CSentryKernels
import Glibc

/// Activations in memory, in their network's precision.
struct Elements {
  let data: UnsafeMutableRawPointer
  let precision: Precision

  /// Moved on by a number of values.
  static func + (elements: Elements, count: Int) -> Elements {
    Elements(data: elements.data + count * elements.precision.size, precision: elements.precision)
  }

  /// Them as floats, where that is their precision.
  var floats: UnsafeMutablePointer<Float> { data.assumingMemoryBound(to: Float.self) }

  /// The first `count` values to zero.
  func clear(_ count: Int) { memset(data, 0, count * precision.size) }
}

/// Activations at a fixed address, as ``FloatBuffer``.
final class ActivationBuffer {
  let precision: Precision
  private let memory = FloatBuffer()

  init(_ precision: Precision) { self.precision = precision }

  var start: Elements { Elements(data: memory.pointer, precision: precision) }

  /// - Throws: ``NNError`` `.outOfMemory`.
  func reserve(_ count: Int) throws { try memory.reserve((count * precision.size + 3) / 4) }
}

/// Dense or strided NHWC pixels: one row of channels every `stride` values.
@inline(__always) func rows(_ elements: Elements, _ stride: Int) -> sentry_view {
  sentry_view(data: elements.data, pixel: stride, group: 16)
}

@inline(__always) func rows(_ pointer: UnsafeMutablePointer<Float>, _ stride: Int) -> sentry_view {
  sentry_view(data: pointer, pixel: stride, group: 16)
}
