import Glibc

/// For each point of a body a map of how likely it lies where, which moves the point to the middle of what is likely around it.
///
/// Source: MediaPipe's `RefineLandmarksFromHeatmapCalculator`.
struct Heatmap {
  /// [row][column][point], before the sigmoid.
  let values: UnsafeBufferPointer<Float>
  let side, points: Int
  /// How many places of the map around a point count, in each direction.
  let reach: Int

  private static let minimumConfidence: Float = 0.5

  /// The refined place of a point, in parts of the map; nil where the map knows nothing better.
  func refined(_ point: Int, near place: SIMD2<Float>) -> SIMD2<Float>? {
    let scaled = place * Float(side)
    guard [scaled.x, scaled.y].allSatisfy({ $0 > -1 && $0 < Float(side) }) else { return nil }
    let (column, row) = (Int(scaled.x), Int(scaled.y))
    var (sum, best, weighted) = (Float(0), Float(0), SIMD2<Float>(0, 0))
    for y in max(0, row - reach)...min(side - 1, row + reach) {
      for x in max(0, column - reach)...min(side - 1, column + reach) {
        let confidence = sigmoid(values[(y * side + x) * points + point])
        sum += confidence
        best = max(best, confidence)
        weighted += SIMD2(Float(x), Float(y)) * confidence
      }
    }
    guard best >= Self.minimumConfidence, sum > 0 else { return nil }
    return weighted / Float(side) / sum
  }
}

func sigmoid(_ value: Float) -> Float { 1 / (1 + exp(-value)) }
