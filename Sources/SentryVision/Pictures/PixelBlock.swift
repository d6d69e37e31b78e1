/// Two rows of two neighbouring pixels, each row as red, green, blue, red, green, blue and two values of no meaning.
struct PixelBlock {
  private let upper, lower: SIMD8<UInt16>

  /// All four, and one more on their right, lie in the picture: eight bytes are read.
  @inline(__always) init(inside view: PixelView, _ left: Int, _ top: Int) {
    let first = UnsafeRawPointer(view.pixels + (top &* view.bytesPerRow &+ 3 &* left))
    upper = PixelBlock.values(first.loadUnaligned(as: UInt64.self))
    lower = PixelBlock.values(first.loadUnaligned(fromByteOffset: view.bytesPerRow, as: UInt64.self))
  }

  @inline(__always) init(_ source: some SampleSource, _ left: Int, _ top: Int) {
    upper = PixelBlock.values(source.pixel(left, top) | source.pixel(left &+ 1, top) << 24)
    lower = PixelBlock.values(source.pixel(left, top &+ 1) | source.pixel(left &+ 1, top &+ 1) << 24)
  }

  @inline(__always) private static func values(_ bytes: UInt64) -> SIMD8<UInt16> {
    SIMD8<UInt16>(truncatingIfNeeded: unsafeBitCast(bytes, to: SIMD8<UInt8>.self))
  }

  /// The mean with the weights of a place between them, rounded to whole levels, a half up; the fourth means nothing.
  @inline(__always) func blended(right: Int, below: Int) -> SIMD4<Float> {
    // At most 32 · 255 each, then 32 times that.
    let column =
      upper &* SIMD8(repeating: UInt16(truncatingIfNeeded: 32 &- below))
      &+ lower &* SIMD8(repeating: UInt16(truncatingIfNeeded: below))
    let rightHalf = SIMD4(column[3], column[4], column[5], column[6])
    let sum =
      SIMD4<UInt32>(truncatingIfNeeded: column.lowHalf) &* SIMD4(repeating: UInt32(truncatingIfNeeded: 32 &- right))
      &+ SIMD4<UInt32>(truncatingIfNeeded: rightHalf) &* SIMD4(repeating: UInt32(truncatingIfNeeded: right))
    return SIMD4<Float>(SIMD4<Int32>(truncatingIfNeeded: (sum &+ SIMD4(repeating: 512)) &>> SIMD4(repeating: 10)))
  }
}

/// Pixels of a picture, inside and outside.
protocol SampleSource {
  var view: PixelView { get }
  /// Red in the lowest byte, then green and blue.
  func pixel(_ column: Int, _ row: Int) -> UInt64
}

extension PixelView {
  @inline(__always) fileprivate func packed(_ column: Int, _ row: Int) -> UInt64 {
    let first = pixels + (row &* bytesPerRow &+ 3 &* column)
    return UInt64(first[0]) | UInt64(first[1]) << 8 | UInt64(first[2]) << 16
  }
}

/// Black around the picture.
struct BlackEdge: SampleSource {
  let view: PixelView

  init(_ view: PixelView) { self.view = view }

  @inline(__always) func pixel(_ column: Int, _ row: Int) -> UInt64 {
    guard column >= 0, row >= 0, column < view.width, row < view.height else { return 0 }
    return view.packed(column, row)
  }
}

/// The outermost pixels again.
struct RepeatedEdge: SampleSource {
  let view: PixelView

  init(_ view: PixelView) { self.view = view }

  @inline(__always) func pixel(_ column: Int, _ row: Int) -> UInt64 {
    view.packed(max(0, min(column, view.width &- 1)), max(0, min(row, view.height &- 1)))
  }
}
