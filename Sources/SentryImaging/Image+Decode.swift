import COpenCV

extension Image {
  /// Decodes a JPEG, PNG or BMP file.
  ///
  /// Grey files stay grey (one channel); palettes and CMYK become RGB; 16 bits become 8; a PNG with alpha is laid over
  /// white, and what lies under transparency has no say; a JPEG is turned upright as its Exif orientation says.
  ///
  /// - Parameter name: the file or row that an error names.
  /// - Throws: ``ImagingError`` for an empty, unknown, damaged, truncated or oversized image, and for one that is wholly transparent.
  public static func decode(
    _ bytes: Span<UInt8>, name: String, limits: ImageLimits = ImageLimits()
  ) throws(ImagingError) -> Image {
    do throws(ImagingError) {
      return try bytes.withUnsafeBufferPointer { buffer throws(ImagingError) in try decode(buffer, limits) }
    } catch {
      var named = error
      named.place = name
      throw named
    }
  }

  /// As above.
  public static func decode(
    _ bytes: [UInt8], name: String, limits: ImageLimits = ImageLimits()
  ) throws(ImagingError) -> Image {
    try decode(bytes.span, name: name, limits: limits)
  }

  private static func decode(
    _ bytes: UnsafeBufferPointer<UInt8>, _ limits: ImageLimits
  ) throws(ImagingError) -> Image {
    guard bytes.count <= limits.bytes else { throw .tooManyBytes(bytes.count, limits) }
    let header = try ImageHeader.read(bytes)
    guard header.width * header.height <= limits.pixels else {
      throw ImagingError(
        .tooLarge, reason: "the header announces \(header.width)×\(header.height) pixels; \(limits.pixels) are allowed",
        hint: "scale the image down, or remove it if its header is damaged")
    }
    guard let base = bytes.baseAddress else { preconditionFailure("the header was read from no bytes") }
    let capacity = header.width * header.height * header.channels
    var width: Int32 = 0
    var height: Int32 = 0
    var status = OpenCVStatus()
    let pixels = [UInt8](unsafeUninitializedCapacity: capacity) { pixels, count in
      guard let target = pixels.baseAddress else { return }
      status = OpenCVStatus { message, size in
        sentry_cv_decode(
          base, bytes.count, Int32(header.channels), header.hasAlpha ? 1 : 0, target, capacity, &width, &height,
          message, size)
      }
      count = status.isOK ? Int(width) * Int(height) * header.channels : 0
    }
    if status.isTransparent {
      throw ImagingError(
        .undecodable, reason: "every pixel is wholly transparent: there is nothing to see",
        hint: "save the picture without transparency, or remove it")
    }
    try status.check("the \(header.format.rawValue) data are damaged", hint: "replace or remove the file")
    return Image(trusted: Int(width), Int(height), header.channels, pixels)
  }
}

extension ImagingError {
  static func tooManyBytes(_ count: Int, _ limits: ImageLimits) -> ImagingError {
    ImagingError(
      .tooLarge, reason: "an image file of \(count) bytes; \(limits.bytes) are allowed",
      hint: "compress or scale the image down, or remove it")
  }
}
