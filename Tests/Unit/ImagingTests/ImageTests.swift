import Testing

@testable import SentryImaging

@Suite("Images")
struct ImageTests {
  @Test("Shapes that do not fit are refused")
  func shapes() {
    for (width, height, channels, count) in [
      (2, 2, 1, 3), (0, 1, 1, 0), (-1, -1, 1, 1), (1, 1, 4, 4), (65_536, 1, 1, 65_536), (Int.max, Int.max, 3, 1),
    ] {
      let error = #expect(throws: ImagingError.self) {
        try Image(width: width, height: height, channels: channels, pixels: [UInt8](repeating: 0, count: count))
      }
      #expect(error?.code == .invalidArgument)
    }
  }

  @Test("A crop holds the part, and none beyond the border")
  func crop() throws {
    let image = try Image(width: 3, height: 2, channels: 3, pixels: Array(0..<18))
    #expect(try image.cropped(left: 1, top: 1, width: 2, height: 1).pixels == Array(12..<18))
    for (left, top, width, height) in [(2, 0, 2, 1), (-1, 0, 1, 1), (0, 0, 0, 1), (0, 2, 1, 1), (Int.max, 0, 1, 1)] {
      #expect(throws: ImagingError.self) {
        try image.cropped(left: left, top: top, width: width, height: height)
      }
    }
  }

  @Test("Normalisation maps 0, 127.5 and 255 to -1, 0 and 1")
  func normalise() throws {
    let image = try Image(width: 3, height: 1, channels: 1, pixels: [0, 51, 255])
    var values = [Float](repeating: 9, count: 3)
    values.withUnsafeMutableBufferPointer { image.normalise(into: $0) }
    #expect(values == [-1, (Float(51) / 255 - 0.5) / 0.5, 1])
  }

  @Test("Parameters without a sense are refused")
  func parameters() throws {
    var image = try Image(width: 4, height: 4, channels: 3, pixels: [UInt8](repeating: 7, count: 48))
    #expect(throws: ImagingError.self) { try image.adjustBrightness(-0.1) }
    #expect(throws: ImagingError.self) { try image.adjustContrast(.nan) }
    #expect(throws: ImagingError.self) { try image.adjustHue(0.6) }
    #expect(throws: ImagingError.self) { try image.gaussianBlurred(kernelSize: 4, sigma: 1) }
    #expect(throws: ImagingError.self) { try image.gaussianBlurred(kernelSize: 9, sigma: 1) }
    #expect(throws: ImagingError.self) { try image.gaussianBlurred(kernelSize: 3, sigma: 0) }
    #expect(throws: ImagingError.self) { try image.warped(by: .scaling(.nan, 1), width: 4, height: 4) }
    #expect(throws: ImagingError.self) { try image.warped(by: .identity, width: 0, height: 4) }
    #expect(throws: ImagingError.self) { try image.locallyEqualised(clipLimit: 3, tiles: 2) }
    let line: [SIMD2<Int>] = [[0, 0], [1, 1], [2, 2], [3, 3]]
    #expect(throws: ImagingError.self) { try Homography.perspective(corners: line, size: [4, 4]) }
  }

  @Test("Histogram and curve agree with counting")
  func histogram() throws {
    let image = try Image(width: 7, height: 1, channels: 1, pixels: [0, 3, 3, 255, 255, 255, 9])
    let histogram = image.histogram()
    #expect(histogram.reduce(0, +) == 7 && histogram[3] == 2 && histogram[255] == 3)
    #expect(Double(ToneCurve.identity.mean(of: histogram)) == Double(Float(image.mean)))
  }
}

@Suite("Homographies")
struct HomographyTests {
  @Test("A product does its right side first")
  func order() {
    let map = Homography.scaling(2, 3) * Homography.translation(1, 10)
    #expect(map([4, 5]) == [10, 45])
  }

  @Test("A perspective takes its corners to the image's")
  func perspective() throws {
    let corners: [SIMD2<Int>] = [[3, 2], [90, 0], [99, 88], [1, 95]]
    let map = try Homography.perspective(corners: corners, size: [100, 100])
    for (corner, original) in zip(corners, [[0, 0], [99, 0], [99, 99], [0, 99]] as [SIMD2<Double>]) {
      let error = map(SIMD2<Double>(corner)) - original
      #expect(abs(error.x) < 1e-9 && abs(error.y) < 1e-9)
    }
  }

  @Test("Shrink is the length of the gradient, whatever the rotation")
  func shrink() {
    let map = Homography.scaling(4, 2) * Homography.rotation(degrees: 37, size: [50, 50])
    let shrink = map.shrink(at: [10, 20])
    #expect(abs(shrink.x - 4) < 1e-12 && abs(shrink.y - 2) < 1e-12)
  }
}

@Suite("Low light")
struct LowLightTests {
  @Test("A dark picture becomes lighter, a bright one is only equalised")
  func gamma() throws {
    let ramp = (0..<4096).map { UInt8($0 % 64) }
    let dark = try Image(width: 64, height: 64, channels: 1, pixels: ramp)
    let bright = try Image(width: 64, height: 64, channels: 1, pixels: ramp.map { $0 + 120 })
    #expect(dark.mean < 100 && bright.mean > 100)
    let exponent = 1 / min(1 + (100 - dark.mean) / 100, 1.8)
    var lighter = dark
    lighter.apply(.power(exponent))
    #expect(lighter.mean > dark.mean + 20)
    #expect(try dark.lowLightCorrected() == lighter.locallyEqualised(clipLimit: 3, tiles: 8))
    #expect(try bright.lowLightCorrected() == bright.locallyEqualised(clipLimit: 3, tiles: 8))
  }

  @Test("Colour becomes grey")
  func colour() throws {
    let image = try Image(width: 16, height: 16, channels: 3, pixels: (0..<768).map { UInt8($0 % 251) })
    #expect(try image.lowLightCorrected() == image.grey().lowLightCorrected())
  }
}
