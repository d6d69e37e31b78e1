/// What the header of an image file announces, found without decoding.
///
/// Reading it walks the whole file's structure, so that a file which ends early is told apart from a whole one:
/// decoders fill the missing part with grey and go on.
public struct ImageHeader: Equatable, Sendable {
  public enum Format: String, Sendable {
    case jpeg = "JPEG"
    case png = "PNG"
    case bmp = "BMP"
  }

  public let format: Format
  public let width: Int
  public let height: Int
  /// 1 where the file stores grey, else 3. Alpha is not counted.
  public let channels: Int
  /// Whether pixels may be transparent.
  public let hasAlpha: Bool

  /// - Throws: ``ImagingError``: `empty`, `unknownFormat`, `damagedHeader`, `truncated`, `undecodable`. Its place is
  /// empty.
  public init(_ bytes: Span<UInt8>) throws(ImagingError) {
    self = try bytes.withUnsafeBufferPointer { buffer throws(ImagingError) in try Self.read(buffer) }
  }

  init(format: Format, width: Int, height: Int, channels: Int, hasAlpha: Bool = false) throws(ImagingError) {
    guard (1...Image.longestSide).contains(width), (1...Image.longestSide).contains(height) else {
      throw ImagingError(
        .damagedHeader, reason: "the \(format.rawValue) header says \(width)×\(height) pixels",
        hint: "sides go from 1 to \(Image.longestSide); replace or remove the file")
    }
    self.format = format
    self.width = width
    self.height = height
    self.channels = channels
    self.hasAlpha = hasAlpha
  }

  static func read(_ bytes: UnsafeBufferPointer<UInt8>) throws(ImagingError) -> ImageHeader {
    guard !bytes.isEmpty else {
      throw ImagingError(.empty, reason: "the file is empty", hint: "replace or remove it")
    }
    if bytes.starts(with: [0xFF, 0xD8, 0xFF]) { return try readJPEG(ByteReader(bytes, format: .jpeg)) }
    if bytes.starts(with: [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]) {
      return try readPNG(ByteReader(bytes, format: .png))
    }
    if bytes.starts(with: [0x42, 0x4D]) { return try readBMP(ByteReader(bytes, format: .bmp)) }
    throw ImagingError(
      .unknownFormat, reason: "this is no JPEG, PNG or BMP image",
      hint: "convert it, or remove it from the data set")
  }
}
