import SentryNN

/// An RGB picture in somebody else's memory, 8 bits a channel: borrowed for a call, never kept.
public struct PixelView {
  public let pixels: UnsafePointer<UInt8>
  public let width, height: Int
  /// From one row to the next.
  public let bytesPerRow: Int

  /// - Throws: ``NNError`` `.invalidInput` for sides that no picture has.
  public init(_ pixels: UnsafePointer<UInt8>, width: Int, height: Int, bytesPerRow: Int? = nil) throws {
    let row = bytesPerRow ?? 3 * width
    guard (1...PixelView.longestSide).contains(width), (1...PixelView.longestSide).contains(height), row >= 3 * width
    else {
      throw NNError(
        .invalidInput, "a picture cannot be \(width)×\(height) pixels in rows of \(row) bytes",
        hint: "sides go from 1 to \(PixelView.longestSide); a row has at least 3 bytes a pixel")
    }
    (self.pixels, self.width, self.height, self.bytesPerRow) = (pixels, width, height, row)
  }

  /// Of JPEG, and of what other parts of Sentry decode.
  static let longestSide = 65_535

  var size: SIMD2<Float> { SIMD2(Float(width), Float(height)) }
}
