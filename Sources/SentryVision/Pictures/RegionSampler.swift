import Glibc
import SentryThreads

/// Cuts a region out of a picture, turns it upright and scales it to a network's input, bilinear.
///
/// The result is what OpenCV's `warpPerspective` makes, to the bit: positions in 1/32 of a pixel, values rounded to whole levels.
/// Networks were trained on and are compared with that. It is our own loop because it writes floats at once, follows no more than a
/// parallelogram, and shares its rows among our threads.
struct RegionSampler {
  /// What lies outside of the picture.
  enum Edge { case black, repeated }

  /// Of the result, in pixels.
  let side: Int
  let edge: Edge
  /// The values of 0 and 255.
  let levels: ClosedRange<Float>

  /// - Parameter region: one that ``Region/isUsable``.
  func sample(
    _ view: PixelView, _ region: Region, into target: UnsafeMutablePointer<Float>, _ executor: any ParallelExecutor
  ) {
    let map = AffineMap(region, side: side)
    executor.run(side) { row, _ in
      switch edge {
      case .black: sampleRow(row, map, BlackEdge(view), target + row * side * 3)
      case .repeated: sampleRow(row, map, RepeatedEdge(view), target + row * side * 3)
      }
    }
  }

  @inline(__always) private func sampleRow(
    _ row: Int, _ map: AffineMap, _ source: some SampleSource, _ target: UnsafeMutablePointer<Float>
  ) {
    let view = source.view
    let (lastColumn, lastRow) = (view.width - 1, view.height - 1)
    let start = map.start(row)
    let (lowest, step) = (levels.lowerBound, (levels.upperBound - levels.lowerBound) / 255)
    for column in 0..<side {
      let x = roundedHalfEven(start.x + map.column.x * Double(column))
      let y = roundedHalfEven(start.y + map.column.y * Double(column))
      let (left, top) = (Int(x >> 5), Int(y >> 5))
      let block =
        left >= 0 && top >= 0 && left < lastColumn &- 1 && top < lastRow
        ? PixelBlock(inside: view, left, top) : PixelBlock(source, left, top)
      let level = block.blended(right: Int(x & 31), below: Int(y & 31))
      let value = SIMD4(repeating: lowest) + level * step
      let place = UnsafeMutableRawPointer(target + 3 * column)
      if column + 1 < side {
        // The fourth value, of no meaning, is written over by the next pixel's first.
        place.storeBytes(of: value, as: SIMD4<Float>.self)
      } else {
        place.storeBytes(of: value.lowHalf, as: SIMD2<Float>.self)
        place.storeBytes(of: value.z, toByteOffset: 8, as: Float.self)
      }
    }
  }
}

/// From pixels of the result to 1/32 of pixels of the picture.
private struct AffineMap {
  private let origin, row: SIMD2<Double>
  let column: SIMD2<Double>

  init(_ region: Region, side: Int) {
    let (c, s) = (cos(Double(region.rotation)), sin(Double(region.rotation)))
    let size = SIMD2<Double>(region.size) * 32
    column = SIMD2(c, s) * (size.x / Double(side))
    row = SIMD2(-s, c) * (size.y / Double(side))
    origin = SIMD2<Double>(region.centre) * 32 - (SIMD2(c, s) * size.x + SIMD2(-s, c) * size.y) / 2
  }

  func start(_ number: Int) -> SIMD2<Double> { origin + row * Double(number) }
}

/// To the nearest integer, of two the even one, for what 32 bits hold; without a call, which the plain rounding of this CPU
/// generation is.
@inline(__always) private func roundedHalfEven(_ value: Double) -> Int32 {
  // 1.5 · 2⁵²: the sum's last bit is worth 1.
  Int32(truncatingIfNeeded: (value + 6_755_399_441_055_744).bitPattern)
}
