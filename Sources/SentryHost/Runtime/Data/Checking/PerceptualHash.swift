import Glibc

/// pHash (Zauner, "Implementation and benchmarking of perceptual image hash functions", 2010): the signs of the 8 × 8 lowest
/// frequencies of a small grey picture against their median. Copies that were encoded anew, scaled or made brighter differ in
/// few bits.
struct PerceptualHash: Sendable, Hashable {
  let bits: UInt64

  func distance(_ other: PerceptualHash) -> Int { (bits ^ other.bits).nonzeroBitCount }

  /// The eight ways to lay a square picture: the first as it is. Mirroring a picture changes the sign of every other
  /// frequency, and transposing it swaps them, so that all come of one transform.
  struct Orientation: Sendable, Hashable {
    let mirrorsX, mirrorsY, transposes: Bool

    static let all = [false, true].flatMap { transposes in
      [false, true].flatMap { y in
        [false, true].map { x in Orientation(mirrorsX: x, mirrorsY: y, transposes: transposes) }
      }
    }

    /// The picture laid in this way.
    func apply(_ picture: Thumbnail) -> Thumbnail {
      let side = Thumbnail.side
      var values = [Float](repeating: 0, count: side * side)
      for y in 0..<side {
        for x in 0..<side {
          let (fromX, fromY) = transposes ? (y, x) : (x, y)
          let column = mirrorsX ? side - 1 - fromX : fromX
          let row = mirrorsY ? side - 1 - fromY : fromY
          values[y * side + x] = picture.values[row * side + column]
        }
      }
      return Thumbnail(values: values)
    }
  }

  private static let size = 8
  /// cos((2x + 1) u π / 2n), [u][x].
  private static let cosines: [Float] = (0..<size).flatMap { u in
    (0..<Thumbnail.side).map { x in
      Float(cos(Double((2 * x + 1) * u) * .pi / Double(2 * Thumbnail.side)))
    }
  }

  /// Of the picture in all orientations, in the order of ``Orientation/all``; nil for a picture of one level, which is like
  /// any other such.
  static func all(of picture: Thumbnail) -> [PerceptualHash]? {
    let (side, size) = (Thumbnail.side, size)
    guard let low = picture.values.min(), let high = picture.values.max(), high - low >= 8 else { return nil }
    var rows = [Float](repeating: 0, count: side * size)
    for y in 0..<side {
      for u in 0..<size {
        var sum: Float = 0
        for x in 0..<side { sum += picture.values[y * side + x] * cosines[u * side + x] }
        rows[y * size + u] = sum
      }
    }
    var block = [Float](repeating: 0, count: size * size)
    for v in 0..<size {
      for u in 0..<size {
        var sum: Float = 0
        for y in 0..<side { sum += rows[y * size + u] * cosines[v * side + y] }
        block[v * size + u] = sum
      }
    }
    return Orientation.all.map { orientation in
      var laid = block
      for v in 0..<size {
        for u in 0..<size {
          let (fromU, fromV) = orientation.transposes ? (v, u) : (u, v)
          let isNegated = (orientation.mirrorsX && fromU % 2 == 1) != (orientation.mirrorsY && fromV % 2 == 1)
          laid[v * size + u] = block[fromV * size + fromU] * (isNegated ? -1 : 1)
        }
      }
      return PerceptualHash(laid)
    }
  }

  private init(_ block: [Float]) {
    // The first is the brightness.
    let sorted = block.dropFirst().sorted()
    let median = sorted[sorted.count / 2]
    var bits: UInt64 = 0
    for (index, value) in block.enumerated() where index > 0 && value > median { bits |= 1 << UInt64(index) }
    self.bits = bits
  }
}
