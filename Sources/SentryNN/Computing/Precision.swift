import CSentryKernels
import Glibc

/// How a network stores activations and the weights that its convolutions read.
///
/// Everything else is float in both: master weights, their gradients, statistics, the gradients of maps, and what
/// convolutions add up in.
public enum Precision: String, Sendable, CaseIterable {
  case f32, bf16

  /// Bytes of a value.
  var size: Int { self == .f32 ? 4 : 2 }

  /// - Parameter forced: accept a CPU that has to emulate bfloat16, which is slower than f32.
  /// - Throws: ``NNError`` `.unsupportedCPU` with the reason.
  func check(_ level: CPULevel, forced: Bool) throws {
    guard self == .bf16 else { return }
    if level == .avx2 {
      throw NNError(
        .unsupportedCPU, "bf16 needs AVX-512, and this run is at the level \(level.rawValue)", hint: "use f32")
    }
    if level != .avx512bf16, !forced {
      throw NNError(
        .unsupportedCPU, "bf16 would be emulated, slower than f32: the level is \(level.rawValue), without AVX512_BF16",
        hint: "use f32, or force bf16")
    }
  }
}

/// Activations in memory, in their network's precision.
struct Elements {
  let data: UnsafeMutableRawPointer
  let precision: Precision

  /// Moved on by a number of values.
  static func + (elements: Elements, count: Int) -> Elements {
    Elements(data: elements.data + count * elements.precision.size, precision: elements.precision)
  }

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
