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
    let table = (0...255).map { levels.lowerBound + Float($0) * ((levels.upperBound - levels.lowerBound) / 255) }
    let map = AffineMap(region, side: side)
    table.withUnsafeBufferPointer { table in
      guard let table = table.baseAddress else { return }
      executor.run(side) { row, _ in
        switch edge {
        case .black: sampleRow(row, map, BlackEdge(view), table, target + row * side * 3)
        case .repeated: sampleRow(row, map, RepeatedEdge(view), table, target + row * side * 3)
        }
      }
    }
  }

  @inline(__always) private func sampleRow(
    _ row: Int, _ map: AffineMap, _ source: some SampleSource, _ table: UnsafePointer<Float>,
    _ target: UnsafeMutablePointer<Float>
  ) {
    let view = source.view
    let (lastColumn, lastRow, stride) = (view.width - 1, view.height - 1, view.bytesPerRow)
    let start = map.start(row)
    var target = target
    for column in 0..<side {
      let x = roundedHalfEven(start.x + map.column.x * Double(column))
      let y = roundedHalfEven(start.y + map.column.y * Double(column))
      let (left, top) = (Int(x >> 5), Int(y >> 5))
      let (right, below) = (x & 31, y & 31)
      let weights = (
        (32 - right) * (32 - below), right * (32 - below), (32 - right) * below, right * below
      )
      if left >= 0, top >= 0, left < lastColumn, top < lastRow {
        let first = view.pixels + top * stride + 3 * left
        for channel in 0..<3 {
          let upper = Int32(first[channel]) &* weights.0 &+ Int32(first[channel + 3]) &* weights.1
          let lower =
            Int32(first[stride + channel]) &* weights.2 &+ Int32(first[stride + channel + 3]) &* weights.3
          target[channel] = table[Int((upper &+ lower &+ 512) >> 10)]
        }
      } else {
        for channel in 0..<3 {
          let upper =
            source.value(left, top, channel) &* weights.0 &+ source.value(left + 1, top, channel) &* weights.1
          let lower =
            source.value(left, top + 1, channel) &* weights.2 &+ source.value(left + 1, top + 1, channel) &* weights.3
          target[channel] = table[Int((upper &+ lower &+ 512) >> 10)]
        }
      }
      target += 3
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

/// Pixels of a picture, inside and outside.
private protocol SampleSource {
  var view: PixelView { get }
  func value(_ column: Int, _ row: Int, _ channel: Int) -> Int32
}

private struct BlackEdge: SampleSource {
  let view: PixelView

  init(_ view: PixelView) { self.view = view }

  @inline(__always) func value(_ column: Int, _ row: Int, _ channel: Int) -> Int32 {
    guard column >= 0, row >= 0, column < view.width, row < view.height else { return 0 }
    return Int32(view.pixels[row * view.bytesPerRow + 3 * column + channel])
  }
}

private struct RepeatedEdge: SampleSource {
  let view: PixelView

  init(_ view: PixelView) { self.view = view }

  @inline(__always) func value(_ column: Int, _ row: Int, _ channel: Int) -> Int32 {
    let (x, y) = (max(0, min(column, view.width - 1)), max(0, min(row, view.height - 1)))
    return Int32(view.pixels[y * view.bytesPerRow + 3 * x + channel])
  }
}
