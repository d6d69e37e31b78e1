import Glibc

/// How alike two small pictures are once one is laid over the other: the correlation of their pixels after the affine map that
/// makes them most alike, which Gauss–Newton steps find (Lucas and Kanade, "An iterative image registration technique",
/// 1981; with the brightness and contrast of each taken out, as in Evangelidis and Psarakis' ECC, 2008). A slight turn, another
/// cut or another brightness leave a copy at nearly 1; two pictures of different people stay below.
struct AlignedCorrelation {
  /// Of the pixels that both have; 0 where nothing was found.
  private(set) var correlation: Float = 0

  private static let steps = 20
  /// The share of the pixels that must have a counterpart.
  private static let leastOverlap: Float = 0.6

  init(_ one: Thumbnail, _ other: Thumbnail) {
    let side = Thumbnail.side
    // x' = x + a0 + a1 x + a2 y, y' = y + a3 + a4 x + a5 y, about the middle.
    var map = [Float](repeating: 0, count: 6)
    let middle = Float(side - 1) / 2
    var best: Float = -1
    for step in 0...Self.steps {
      var warped = [Float](repeating: 0, count: side * side)
      var gradients = [SIMD2<Float>](repeating: .zero, count: side * side)
      var isInside = [Bool](repeating: false, count: side * side)
      var count = 0
      for y in 0..<side {
        for x in 0..<side {
          let (dx, dy) = (Float(x) - middle, Float(y) - middle)
          let u = Float(x) + map[0] + map[1] * dx + map[2] * dy
          let v = Float(y) + map[3] + map[4] * dx + map[5] * dy
          guard u >= 0, v >= 0, u <= Float(side - 1), v <= Float(side - 1) else { continue }
          let index = y * side + x
          (warped[index], gradients[index]) = Self.sample(other.values, u, v)
          isInside[index] = true
          count += 1
        }
      }
      guard Float(count) >= Self.leastOverlap * Float(side * side) else { break }
      let (a, b) = (Self.normalised(one.values, isInside, count), Self.normalised(warped, isInside, count))
      guard a.deviation > 1, b.deviation > 1 else { break }
      var product: Float = 0
      for index in isInside.indices where isInside[index] { product += a.values[index] * b.values[index] }
      let found = product / Float(count)
      if found > best { best = found }
      // What is no copy shows early, and most of what is proposed is none.
      guard step < Self.steps, step < 4 || best > 0.6, step < 8 || best > 0.8 else { break }
      // Normal equations of the six parameters.
      var matrix = [Float](repeating: 0, count: 36)
      var right = [Float](repeating: 0, count: 6)
      for y in 0..<side {
        for x in 0..<side where isInside[y * side + x] {
          let index = y * side + x
          let gradient = gradients[index] / b.deviation
          let (dx, dy) = (Float(x) - middle, Float(y) - middle)
          let row = [gradient.x, gradient.x * dx, gradient.x * dy, gradient.y, gradient.y * dx, gradient.y * dy]
          let residual = a.values[index] - b.values[index]
          for i in 0..<6 {
            right[i] += row[i] * residual
            for j in i..<6 { matrix[i * 6 + j] += row[i] * row[j] }
          }
        }
      }
      guard let change = Self.solve(matrix, right) else { break }
      for index in map.indices { map[index] += change[index] }
      if change.allSatisfy({ abs($0) < 1e-3 }) { break }
      // A copy is turned or cut a little; a map that does more has lost its way.
      guard abs(map[0]) < 10, abs(map[3]) < 10, [1, 2, 4, 5].allSatisfy({ abs(map[$0]) < 0.5 }) else { break }
    }
    correlation = max(best, 0)
  }

  private static func normalised(_ values: [Float], _ isInside: [Bool], _ count: Int)
    -> (values: [Float], deviation: Float)
  {
    var (sum, squares) = (0.0, 0.0)
    for index in values.indices where isInside[index] {
      sum += Double(values[index])
      squares += Double(values[index]) * Double(values[index])
    }
    let mean = sum / Double(count)
    let deviation = Float(max(0, squares / Double(count) - mean * mean).squareRoot())
    guard deviation > 0 else { return (values, 0) }
    return (values.map { ($0 - Float(mean)) / deviation }, deviation)
  }

  /// Bilinear, with the slope there.
  private static func sample(_ values: [Float], _ u: Float, _ v: Float) -> (Float, SIMD2<Float>) {
    let side = Thumbnail.side
    let (x, y) = (min(Int(u), side - 2), min(Int(v), side - 2))
    let (fx, fy) = (u - Float(x), v - Float(y))
    let at = y * side + x
    let (a, b, c, d) = (values[at], values[at + 1], values[at + side], values[at + side + 1])
    let (top, bottom) = (a + (b - a) * fx, c + (d - c) * fx)
    return (
      top + (bottom - top) * fy,
      SIMD2((b - a) * (1 - fy) + (d - c) * fy, bottom - top)
    )
  }

  /// By Cholesky's decomposition; nil where the matrix has none.
  private static func solve(_ upper: [Float], _ right: [Float]) -> [Float]? {
    var factor = [Float](repeating: 0, count: 36)
    for i in 0..<6 {
      for j in 0...i {
        var sum = upper[j * 6 + i]
        for k in 0..<j { sum -= factor[i * 6 + k] * factor[j * 6 + k] }
        if i == j {
          guard sum > 1e-6 else { return nil }
          factor[i * 6 + i] = sum.squareRoot()
        } else {
          factor[i * 6 + j] = sum / factor[j * 6 + j]
        }
      }
    }
    var result = right
    for i in 0..<6 {
      for k in 0..<i { result[i] -= factor[i * 6 + k] * result[k] }
      result[i] /= factor[i * 6 + i]
    }
    for i in (0..<6).reversed() {
      for k in i + 1..<6 { result[i] -= factor[k * 6 + i] * result[k] }
      result[i] /= factor[i * 6 + i]
    }
    return result
  }
}
