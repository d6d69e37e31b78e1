/// A square grey picture, painted in layers. Every operation is IEEE addition, multiplication, division or square root in a
/// fixed order, so that all machines paint the same bytes.
struct Canvas {
  let size: Int
  private(set) var levels: [Float]

  init(size: Int) {
    self.size = size
    levels = [Float](repeating: 0, count: size * size)
  }

  /// Changes every pixel, given its place in -1…1.
  mutating func shade(_ level: (Float, SIMD2<Float>) -> Float) {
    let half = Float(size) / 2
    for row in 0..<size {
      for column in 0..<size {
        let place = SIMD2(Float(column) + 0.5, Float(row) + 0.5) / half - 1
        levels[row * size + column] = level(levels[row * size + column], place)
      }
    }
  }

  /// Paints a shape given in the frame's coordinates.
  ///
  /// - Parameters:
  ///   - softness: how many pixels its edge spreads over.
  ///   - opacity: 0 to 1.
  ///   - level: grey, by the place in the frame.
  mutating func paint(
    _ shape: some Shape, in frame: Frame, softness: Float, opacity: Float = 1, level: (SIMD2<Float>) -> Float
  ) {
    let (centre, radius) = shape.reach
    let middle = frame.pixel(centre)
    let extent = min(radius * frame.scale + softness + 1, Float(2 * size))
    let rows = range(middle.y, extent)
    for row in rows {
      for column in range(middle.x, extent) {
        let place = frame.face(SIMD2(Float(column) + 0.5, Float(row) + 0.5))
        let cover = 0.5 - shape.distance(to: place) * frame.scale / softness
        guard cover > 0 else { continue }
        let index = row * size + column
        levels[index] += (level(place) - levels[index]) * min(cover, 1) * opacity
      }
    }
  }

  private func range(_ middle: Float, _ extent: Float) -> Range<Int> {
    let limit = Float(size)
    let first = min(max(middle - extent, 0), limit)
    return Int(first)..<max(Int(first), Int(min(max(middle + extent + 1, 0), limit)))
  }

  /// Rounded to 0…255.
  var bytes: [UInt8] { levels.map { UInt8(min(max($0 + 0.5, 0), 255)) } }
}
