import COpenCV

extension Image {
  /// The whole picture scaled to fit into a size, in its middle, with black beside it. Bilinear where it grows, the mean over areas
  /// where it shrinks.
  public func fitted(width: Int, height: Int) throws(ImagingError) -> Image {
    try Image.check(width: width, height: height, channels: channels)
    let scale = min(Double(width) / Double(self.width), Double(height) / Double(self.height))
    let inner = (
      width: max(1, min(width, Int((Double(self.width) * scale).rounded()))),
      height: max(1, min(height, Int((Double(self.height) * scale).rounded())))
    )
    let scaled = try filtered("scaling", width: inner.width, height: inner.height) { source, target, message, size in
      sentry_cv_resize(source, target, message, size)
    }
    guard inner != (width, height) else { return scaled }
    var result = [UInt8](repeating: 0, count: width * height * channels)
    let (left, top) = ((width - inner.width) / 2, (height - inner.height) / 2)
    let bytes = inner.width * channels
    for row in 0..<inner.height {
      let start = ((top + row) * width + left) * channels
      result.replaceSubrange(start..<start + bytes, with: scaled.pixels[row * bytes..<(row + 1) * bytes])
    }
    return Image(trusted: width, height, channels, result)
  }
}
