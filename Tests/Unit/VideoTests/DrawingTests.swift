import SentryDrawing
import SentryImaging
import Testing

@Suite struct DrawingTests {
  private static func draw(_ body: (Canvas) throws -> Void) throws -> Image {
    var image = try Image(width: 120, height: 60, channels: 3, pixels: [UInt8](repeating: 0, count: 120 * 60 * 3))
    _ = try image.withPixels { try body(Canvas($0, width: 120, height: 60)) }
    return image
  }

  private static func colour(_ image: Image, _ x: Int, _ y: Int) -> [UInt8] {
    Array(image.pixels[(y * image.width + x) * 3..<(y * image.width + x) * 3 + 3])
  }

  @Test func aBoxHasItsCornersWhereTheyWereAskedFor() throws {
    let image = try Self.draw { try $0.rectangle(10, 20, width: 30, height: 15, Colour(250, 10, 20), thickness: 1) }
    for (x, y) in [(10, 20), (39, 20), (10, 34), (39, 34)] { #expect(Self.colour(image, x, y) == [250, 10, 20]) }
    for (x, y) in [(9, 20), (40, 20), (10, 35), (20, 25)] { #expect(Self.colour(image, x, y) == [0, 0, 0]) }
  }

  @Test func aLineGoesFromPointToPoint() throws {
    let image = try Self.draw { try $0.line(from: (5, 5), to: (100, 5), .white, thickness: 1) }
    #expect(Self.colour(image, 50, 5).allSatisfy { $0 > 200 })
    #expect(Self.colour(image, 50, 8) == [0, 0, 0])
    #expect(Self.colour(image, 110, 5) == [0, 0, 0])
  }

  @Test(arguments: [Double.nan, .infinity, 1e300, -1e9])
  func whatIsNotInThePictureIsLeftOut(place: Double) throws {
    let image = try Self.draw {
      try $0.line(from: (place, 0), to: (5, 5), .white)
      try $0.point((place, place), radius: 3, .white)
      try $0.rectangle(place, 0, width: 3, height: 3, .white)
      try $0.bar(place, 0, width: 10, height: 10, value: .nan, name: "a", .white)
    }
    #expect(image.pixels.allSatisfy { $0 == 0 })
  }

  /// Characters that look different are drawn differently: none is a box or a question mark.
  @Test(arguments: [["a", "b"], ["怒", "喜"], ["я", "ж"], ["ü", "u"]])
  func eachScriptIsDrawn(texts: [String]) throws {
    let images = try texts.map { text in
      try Self.draw { try $0.text(text, at: (10, 45), size: 40, .white) }
    }
    #expect(images[0] != images[1])
    for image in images { #expect(image.mean > 1) }
  }

  @Test func aLabelStaysInside() throws {
    let image = try Self.draw { try $0.label("anger 怒", at: (115, 58), size: 12, .white, on: Colour(1, 2, 3)) }
    #expect(Self.colour(image, 119, 59) == [1, 2, 3])
    #expect(try Canvas.width(of: "anger 怒", size: 12) > Canvas.width(of: "anger", size: 12))
  }

  @Test func aTextIsOneLineOfVisibleCharacters() throws {
    let plain = try Self.draw { try $0.text("a b", at: (5, 30), size: 20, .white) }
    let escaped = try Self.draw { try $0.text("a\u{1B}b", at: (5, 30), size: 20, .white) }
    #expect(plain == escaped)
    _ = try Self.draw { try $0.text(String(repeating: "x", count: 100_000), at: (5, 30), size: 20, .white) }
  }

  @Test func aBarIsFilledByItsValue() throws {
    let image = try Self.draw {
      try $0.bar(0, 0, width: 100, height: 5, value: 0.25, name: "x", Colour(9, 200, 9))
    }
    #expect(Self.colour(image, 24, 2) == [9, 200, 9])
    #expect(Self.colour(image, 26, 2) == [32, 32, 32])
  }
}
