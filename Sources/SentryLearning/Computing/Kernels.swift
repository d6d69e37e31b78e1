import CSentryKernels
import Glibc

/// The CPU levels that vector kernels are built for.
public enum CPULevel: String, CaseIterable, Sendable {
  /// x86-64-v3: AVX2 and FMA.
  case avx2
  /// x86-64-v4: AVX-512 F, BW, CD, DQ, VL.
  case avx512
  /// The same with AVX512_BF16.
  case avx512bf16

  package var isAvailable: Bool {
    switch self {
    case .avx2: sentry_cpu_level() >= 3
    case .avx512: sentry_cpu_level() >= 4
    case .avx512bf16: sentry_cpu_level() >= 5
    }
  }

  /// The best level of this CPU, or the one that `SENTRY_CPU` names.
  /// - Throws: ``NNError`` `.unsupportedCPU` where the CPU lacks it or the name is unknown.
  public static func selected(environment: String? = getenv("SENTRY_CPU").map { String(cString: $0) }) throws
    -> CPULevel
  {
    if let environment, !environment.isEmpty {
      guard let level = CPULevel(rawValue: environment) else {
        throw NNError(
          .unsupportedCPU, "SENTRY_CPU=\(environment) is no CPU level", hint: "use avx2, avx512 or avx512bf16")
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

  /// The table of kernels built for this level, for activations in f32.
  public var kernels: sentry_kernels { kernels(.f32) }

  package func kernels(_ precision: Precision) -> sentry_kernels {
    let bfloat16: CInt = precision == .bf16 ? 1 : 0
    return switch self {
    case .avx2: sentry_kernels_avx2(bfloat16)
    case .avx512: sentry_kernels_avx512(bfloat16)
    case .avx512bf16: sentry_kernels_avx512bf16(bfloat16)
    }
  }

  package func inferenceKernels(_ precision: Precision) -> sentry_inference_kernels {
    let bfloat16: CInt = precision == .bf16 ? 1 : 0
    return switch self {
    case .avx2: sentry_inference_kernels_avx2(bfloat16)
    case .avx512: sentry_inference_kernels_avx512(bfloat16)
    case .avx512bf16: sentry_inference_kernels_avx512bf16(bfloat16)
    }
  }

  package var imageKernels: sentry_image_kernels {
    switch self {
    case .avx2: sentry_image_kernels_avx2()
    case .avx512: sentry_image_kernels_avx512()
    case .avx512bf16: sentry_image_kernels_avx512bf16()
    }
  }
}
