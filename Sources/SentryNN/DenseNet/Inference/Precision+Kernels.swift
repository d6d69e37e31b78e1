import CSentryKernels

extension Precision {
  /// Maps, sums and the head are f32 in both; this is about what convolutions multiply.
  func inferenceKernels(_ level: CPULevel) -> sentry_inference_kernels {
    let bfloat16: CInt = self == .bf16 ? 1 : 0
    return level == .avx2 ? sentry_inference_kernels_avx2(bfloat16) : sentry_inference_kernels_avx512(bfloat16)
  }
}
