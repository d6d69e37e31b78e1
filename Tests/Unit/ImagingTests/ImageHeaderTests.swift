import Testing

@testable import SentryImaging

@Suite("Image headers from untrusted bytes")
struct ImageHeaderTests {
  private func bytes(_ value: Int, _ count: Int) -> [UInt8] {
    (0..<count).map { UInt8(truncatingIfNeeded: value >> (8 * (count - 1 - $0))) }
  }

  private func chunk(_ name: String, _ data: [UInt8]) -> [UInt8] {
    bytes(data.count, 4) + Array(name.utf8) + data + [0, 0, 0, 0]
  }

  private func png(width: Int, height: Int, colourType: Int = 0) -> [UInt8] {
    [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]
      + chunk("IHDR", bytes(width, 4) + bytes(height, 4) + [8, UInt8(colourType), 0, 0, 0]) + chunk("IEND", [])
  }

  private func jpeg(width: Int, height: Int, precision: Int = 8, components: Int = 1, scans: Int = 1) -> [UInt8] {
    let frame = [UInt8(precision)] + bytes(height, 2) + bytes(width, 2) + [UInt8(components)]
    let scan: [UInt8] = [0xFF, 0xDA, 0, 2, 0x12, 0xFF, 0x00, 0xFF, 0xD3, 0x55]
    return [0xFF, 0xD8, 0xFF, 0xC0] + bytes(frame.count + 2, 2) + frame
      + (0..<scans).flatMap { _ in scan } + [0xFF, 0xD9]
  }

  @Test("Sizes and channels are read")
  func sizes() throws {
    #expect(
      try ImageHeader(png(width: 300, height: 7, colourType: 6).span)
        == ImageHeader(format: .png, width: 300, height: 7, channels: 3, hasAlpha: true))
    #expect(try ImageHeader(png(width: 1, height: 2, colourType: 4).span).channels == 1)
    #expect(
      try ImageHeader(jpeg(width: 640, height: 480).span)
        == ImageHeader(format: .jpeg, width: 640, height: 480, channels: 1))
    #expect(try ImageHeader(jpeg(width: 640, height: 480, components: 4).span).channels == 3)
  }

  @Test("A decompression bomb is refused by its header")
  func bomb() {
    for bomb in [png(width: 60_000, height: 60_000, colourType: 2), jpeg(width: 65_535, height: 65_535)] {
      let error = #expect(throws: ImagingError.self) { try Image.decode(bomb, name: "bomb.png") }
      #expect(error?.code == .tooLarge)
      #expect(error?.place == "bomb.png")
    }
  }

  @Test("Files over the byte limit are refused")
  func byteLimit() {
    let error = #expect(throws: ImagingError.self) {
      try Image.decode(png(width: 2, height: 2), name: "x", limits: ImageLimits(bytes: 10))
    }
    #expect(error?.code == .tooLarge)
  }

  @Test("Wrong headers name what is wrong")
  func damage() {
    let cases: [([UInt8], ImagingError.Code)] = [
      ([], .empty),
      (Array("just a text file\n".utf8), .unknownFormat),
      (Array("GIF89a...".utf8), .unknownFormat),
      ([0xFF, 0xD8, 0xFF], .truncated),
      (png(width: 0, height: 5), .damagedHeader),
      (png(width: 0x7FFF_FFFF, height: 0xFFFF_FFFF), .damagedHeader),
      (png(width: 5, height: 5, colourType: 5), .damagedHeader),
      (jpeg(width: 0, height: 5), .damagedHeader),
      (jpeg(width: 5, height: 5, precision: 12), .damagedHeader),
      (jpeg(width: 5, height: 5, components: 2), .damagedHeader),
      (jpeg(width: 5, height: 5, scans: 0), .damagedHeader),
      (jpeg(width: 5, height: 5, scans: 501), .damagedHeader),
      ([0xFF, 0xD8, 0xFF, 0xD8, 0xFF, 0xD9], .damagedHeader),
      ([0xFF, 0xD8, 0xFF, 0xE0, 0, 1, 0, 0], .damagedHeader),
      (Array("BM".utf8), .truncated),
      (Array("BM".utf8) + [UInt8](repeating: 0xFF, count: 60), .damagedHeader),
    ]
    for (bytes, code) in cases {
      let error = #expect(throws: ImagingError.self, "\(bytes.prefix(16))") { try ImageHeader(bytes.span) }
      #expect(error?.code == code, "\(bytes.prefix(16))")
    }
  }

  @Test("A header without an image behind it is an error, not a grey picture")
  func noData() {
    let error = #expect(throws: ImagingError.self) { try Image.decode(jpeg(width: 16, height: 16), name: "hollow.jpg") }
    #expect(error?.code == .undecodable)
    #expect(error?.description.hasPrefix("hollow.jpg: ") == true)
  }

  @Test("Random bytes behind a signature end in an error or a header")
  func noise() throws {
    var random = SplitMix64(seed: 99)
    for start in [[0xFF, 0xD8, 0xFF], [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A], [0x42, 0x4D]] as [[UInt8]] {
      for _ in 0..<2000 {
        let tail = (0..<random.uniform(0...80)).map { _ in UInt8(random.uniform(0...255)) }
        guard let header = try? ImageHeader((start + tail).span) else { continue }
        #expect(header.width > 0 && header.height > 0)
      }
    }
  }

  @Test("Files that are none", arguments: ["/nowhere/face.jpg", "/tmp", "/dev/null", "/dev/zero"])
  func noFile(_ path: String) {
    let error = #expect(throws: ImagingError.self) { try Image.load(path: path) }
    #expect(error?.code == .unreadable)
    #expect(error?.place == path)
  }
}
