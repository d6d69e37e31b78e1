import SentryImaging

/// A face's place in an image, in pixels; it may reach beyond the image.
public struct FaceBox: Sendable, Hashable {
  public let left, top, width, height: Int32

  /// - Returns: nil for a box without area.
  public init?(left: Int32, top: Int32, width: Int32, height: Int32) {
    guard width > 0, height > 0 else { return nil }
    (self.left, self.top, self.width, self.height) = (left, top, width, height)
  }

  /// The part of the box that lies in the image.
  func crop(_ image: Image) throws(ImagingError) -> Image {
    let x = max(Int(left), 0)
    let y = max(Int(top), 0)
    let width = min(Int(left) + Int(width), image.width) - x
    let height = min(Int(top) + Int(height), image.height) - y
    guard width > 0, height > 0 else {
      throw ImagingError(
        .invalidArgument,
        reason: "the face box \(self.width)×\(self.height) at (\(left), \(top)) lies outside the "
          + "\(image.width)×\(image.height) image",
        hint: "correct the box in the table, or delete the row")
    }
    return try image.cropped(left: x, top: y, width: width, height: height)
  }
}
