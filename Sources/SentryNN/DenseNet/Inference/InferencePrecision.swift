import CSentryKernels

/// The numbers that inference multiplies. Maps, sums and the head are f32 in both.
public enum InferencePrecision: String, Sendable, CaseIterable {
  case f32, bf16

  /// Bytes of a value.
  var size: Int { self == .f32 ? 4 : 2 }

  /// - Parameter forced: accept a CPU that has to emulate bfloat16, which is slower than f32.
  /// - Throws: ``NNError`` `.unsupportedCPU` with the reason.
  func check(_ level: CPULevel, forced: Bool) throws {
    guard self == .bf16 else { return }
    if level == .avx2 {
      throw NNError(.unsupportedCPU, "bf16 needs AVX-512, and this run is at the level avx2", hint: "use f32")
    }
    if sentry_cpu_has_bf16() == 0, !forced {
      throw NNError(
        .unsupportedCPU, "bf16 would be emulated, slower than f32: this CPU has no AVX512_BF16",
        hint: "use f32, or force bf16")
    }
  }

  func kernels(_ level: CPULevel) -> sentry_inference_kernels {
    let bfloat16: CInt = self == .bf16 ? 1 : 0
    return level == .avx2 ? sentry_inference_kernels_avx2(bfloat16) : sentry_inference_kernels_avx512(bfloat16)
  }
}
