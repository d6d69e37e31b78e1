import SentryTestSupport
import Testing

@testable import SentryImaging

/// What nobody sees has no say.
@Suite("Transparency") struct TransparencyTests {
  private func decode(_ bytes: [UInt8]) throws -> [UInt8] { try Image.decode(bytes, name: "a.png").pixels }

  @Test("A picture is laid over white; hidden colours do not count")
  func overWhite() throws {
    let colours = PNG.encoded(4, 1, colourType: 6) { x, _ in
      [[10, 20, 30, 255], [255, 0, 255, 0], [100, 100, 100, 128], [0, 0, 0, 1]][x]
    }
    // 100 × 128/255 + 255 × 127/255 = 177.2; 255 × 254/255 = 254.
    #expect(try decode(colours) == [10, 20, 30, 255, 255, 255, 177, 177, 177, 254, 254, 254])
    let grey = PNG.encoded(2, 1, colourType: 4) { x, _ in [[40, 255], [90, 0]][x] }
    #expect(try Image.decode(grey, name: "a.png").channels == 1)
    #expect(try decode(grey) == [40, 255])
  }

  @Test("Of two pictures that look the same the pixels are the same")
  func hidden() throws {
    let pictures = [[255, 0, 255], [0, 0, 0], [255, 255, 255]].map { (hidden: [UInt8]) in
      PNG.encoded(8, 8, colourType: 6) { x, y in x > 3 ? [UInt8(10 * x), UInt8(10 * y), 7, 255] : hidden + [0] }
    }
    let decoded = try pictures.map(decode)
    #expect(decoded[0] == decoded[1] && decoded[1] == decoded[2])
  }

  @Test("16 bits and palettes have transparency, too")
  func otherForms() throws {
    let deep = PNG.encoded(2, 1, colourType: 6, depth: 16) { x, _ in
      x == 0 ? [10, 0, 20, 0, 30, 0, 255, 255] : [1, 2, 3, 4, 5, 6, 0, 0]
    }
    #expect(try decode(deep) == [10, 20, 30, 255, 255, 255])
    let palette = PNG.encoded(
      3, 1, colourType: 3, chunks: [("PLTE", [1, 2, 3, 255, 0, 255, 7, 8, 9]), ("tRNS", [255, 0])]
    ) { x, _ in [UInt8(x)] }
    #expect(try decode(palette) == [1, 2, 3, 255, 255, 255, 7, 8, 9])
  }

  @Test("A picture that is wholly transparent is an error", arguments: [UInt8(4), 6])
  func nothingToSee(colourType: UInt8) {
    let bytes = PNG.encoded(4, 4, colourType: colourType) { x, y in
      [UInt8](repeating: UInt8(10 * x + y), count: colourType == 4 ? 1 : 3) + [0]
    }
    let error = #expect(throws: ImagingError.self) { try Image.decode(bytes, name: "a.png") }
    #expect(error?.code == .undecodable && error?.place == "a.png")
    #expect(error?.reason.contains("wholly transparent") == true)
  }

  @Test("An opaque picture with alpha is as it is without")
  func opaque() throws {
    let with = PNG.encoded(5, 3, colourType: 6) { x, y in [UInt8(50 * x), UInt8(80 * y), 9, 255] }
    let without = PNG.encoded(5, 3, colourType: 2) { x, y in [UInt8(50 * x), UInt8(80 * y), 9] }
    #expect(try decode(with) == decode(without))
  }
}
