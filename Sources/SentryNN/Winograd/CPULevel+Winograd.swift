import CSentryKernels

/// What of our own convolutions and products a level has.
extension CPULevel {
  /// Which of Winograd's convolutions there is for it: oneDNN 2.6 has one for AVX-512, ours is in f32.
  func winograd(_ precision: Precision) -> ConvolutionShape.Algorithm? {
    switch (self, precision) {
    case (.avx2, .f32): .ownWinograd
    case (.avx2, .bf16): nil
    case (.avx512, _), (.avx512bf16, _): .winograd
    }
  }

  /// Whether our own product of few rows is faster than oneDNN's, which copies its operands first: measured with AVX2 alone (16 rows,
  /// 128 deep, 512 columns: 38 against 28 GFLOP/s on a Zen 1 core).
  var prefersOwnProduct: Bool { self == .avx2 }

  var winogradKernels: sentry_winograd {
    switch self {
    case .avx2: sentry_winograd_avx2()
    case .avx512: sentry_winograd_avx512()
    case .avx512bf16: sentry_winograd_avx512bf16()
    }
  }
}
