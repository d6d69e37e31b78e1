import COpenCV

extension Image {
  /// The bytes of a JPEG file of the picture.
  /// - Parameter quality: 0…100.
  /// - Throws: ``ImagingError``
  public func jpeg(quality: Int = 85) throws(ImagingError) -> [UInt8] {
    var result: [UInt8] = []
    var status = OpenCVStatus()
    pixels.withUnsafeBufferPointer { source in
      guard let base = source.baseAddress else { return }
      let input = sentry_cv_pixels(
        data: UnsafeMutablePointer(mutating: base), width: Int32(width), height: Int32(height),
        channels: Int32(channels))
      status = OpenCVStatus { message, size in
        withUnsafeMutablePointer(to: &result) {
          sentry_cv_encode_jpeg(
            input, Int32(clamping: quality),
            { user, bytes, count in
              user?.assumingMemoryBound(to: [UInt8].self).pointee = [UInt8](
                UnsafeBufferPointer(start: bytes, count: count))
            }, $0, message, size)
        }
      }
    }
    try status.check("a JPEG of a \(width)×\(height) image cannot be made", hint: "the quality goes from 0 to 100")
    return result
  }
}
