/// How a network stores activations and the weights that its convolutions read.
///
/// Everything else is float in both: master weights, their gradients, statistics, the gradients of maps, and what
/// convolutions add up in.
public enum Precision: String, Sendable, CaseIterable {
  case f32, bf16

  /// Bytes of a value.
  package var size: Int { self == .f32 ? 4 : 2 }

  /// - Parameter forced: accept a CPU that has to emulate bfloat16, which is slower than f32.
  /// - Throws: ``NNError`` `.unsupportedCPU` with the reason.
  package func check(_ level: CPULevel, forced: Bool) throws {
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
