import CSentryKernels
import Glibc

/// The CPU levels that vector kernels are built for.
public enum CPULevel: String, CaseIterable, Sendable {
  /// x86-64-v3: AVX2 and FMA.
  case avx2
  /// x86-64-v4: AVX-512 F, BW, CD, DQ, VL.
  case avx512

  var isAvailable: Bool { sentry_cpu_level() >= (self == .avx512 ? 4 : 3) }

  /// The best level of this CPU, or the one that `SENTRY_CPU` names.
  /// - Throws: ``NNError`` `.unsupportedCPU` where the CPU lacks it or the name is unknown.
  public static func selected(environment: String? = getenv("SENTRY_CPU").map { String(cString: $0) }) throws
    -> CPULevel
  {
    if let environment, !environment.isEmpty {
      guard let level = CPULevel(rawValue: environment) else {
        throw NNError(.unsupportedCPU, "SENTRY_CPU=\(environment) is no CPU level", hint: "use avx2 or avx512")
      }
      guard level.isAvailable else {
        throw NNError(
          .unsupportedCPU, "SENTRY_CPU=\(environment), but this CPU has no \(level.rawValue)", hint: "unset SENTRY_CPU")
      }
      return level
    }
    guard let best = allCases.last(where: \.isAvailable) else {
      throw NNError(
        .unsupportedCPU, "this CPU has neither AVX2 with FMA nor AVX-512", hint: "use an x86-64 CPU from 2013 or later")
    }
    return best
  }

  /// The table of kernels built for this level.
  public var kernels: sentry_kernels {
    switch self {
    case .avx2: sentry_kernels_avx2()
    case .avx512: sentry_kernels_avx512()
    }
  }
}

/// Dense or strided NHWC pixels: one row of channels every `stride` floats.
@inline(__always) func rows(_ pointer: UnsafeMutablePointer<Float>, _ stride: Int) -> sentry_view {
  sentry_view(data: pointer, pixel: stride, group: 16)
}
