public import SentryPluginAPI
public import SentryVision

extension Tensor {
  /// Lends an image of the border, uint8 [H, W, 3] RGB.
  /// - Throws: ``PluginError`` for another type or shape, and for what `body` throws of ``SentryVision``.
  public func withPicture<Result>(_ body: (PixelView) throws -> Result) throws -> Result {
    guard shape.count == 3, shape[2] == 3 else {
      throw PluginError.invalid("a detector takes images [H, W, 3], not \(shape)")
    }
    return try mappingVisionErrors {
      try withExtendedLifetime(self) {
        guard let pixels = try elements(as: UInt8.self).baseAddress else {
          throw PluginError.invalid("an image without pixels")
        }
        return try body(PixelView(UnsafePointer(pixels), width: shape[1], height: shape[0]))
      }
    }
  }
}
