/// How large an image may be. What a header announces is compared with this before memory is taken.
public struct ImageLimits: Sendable {
  /// Width × height.
  public var pixels: Int
  /// Size of the file.
  public var bytes: Int

  /// The defaults let a 64-megapixel photograph pass.
  public init(pixels: Int = 64 << 20, bytes: Int = 128 << 20) {
    self.pixels = pixels
    self.bytes = bytes
  }
}
