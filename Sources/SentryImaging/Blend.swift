/// torchvision's `_blend` of 8-bit values: factor · value + (1 − factor) · other in single precision, clamped, rounded
/// down.
struct Blend {
  private let factor: Float
  private let rest: Float

  init(_ factor: Double) {
    self.factor = Float(factor)
    self.rest = Float(1 - factor)
  }

  @inline(__always)
  func callAsFunction(_ value: Float, _ other: Float) -> UInt8 {
    UInt8(max(0, min(255, factor * value + rest * other)))
  }
}
