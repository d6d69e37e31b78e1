import Foundation
import Testing

@testable import SentryImaging

@Suite("Decoding against Pillow")
struct DecodeGoldenTests {
  static let files = GoldenCase.cases("decode")

  static func path(_ golden: GoldenCase) throws -> String {
    try GoldenCase.fixtures.appending(path: "images").appending(path: #require(golden.file)).path
  }

  @Test("Grey stays grey, alpha is laid over white, Exif turns upright", arguments: files)
  func decode(_ golden: GoldenCase) throws {
    let image = try Image.load(path: Self.path(golden))
    let difference = try #require(largestDifference(image, golden.expected()))
    // Two builds of libjpeg may round colour differently; PNG and BMP leave no choice.
    let allowed = golden.file?.hasSuffix(".jpg") == true ? 2 : 0
    #expect(difference <= allowed)
  }

  @Test("A file that ends early is an error wherever it ends", arguments: files)
  func truncated(_ golden: GoldenCase) throws {
    let bytes = try Image.readFile(path: Self.path(golden))
    for length in 0..<bytes.count {
      let error = #expect(throws: ImagingError.self, "\(length) of \(bytes.count) bytes") {
        try Image.decode(Array(bytes[..<length]), name: "cut.jpg")
      }
      #expect(error?.place == "cut.jpg")
      let codes: [ImagingError.Code] = length == 0 ? [.empty] : [.truncated, .unknownFormat]
      #expect(error.map { codes.contains($0.code) } == true, "\(length): \(error.map(String.init(describing:)) ?? "")")
    }
  }

  @Test("Damaged bytes give an image or an error, never a crash", arguments: files)
  func damaged(_ golden: GoldenCase) throws {
    let bytes = try Image.readFile(path: Self.path(golden))
    var random = SplitMix64(seed: 7)
    var outcomes = [false: 0, true: 0]
    for _ in 0..<40 {
      var damaged = bytes
      // Headers are a small part of a file, and the one where damage does most.
      for reach in [64, damaged.count, damaged.count].shuffled(using: &random).prefix(random.uniform(1...3)) {
        damaged[random.uniform(0...reach - 1)] = UInt8(random.uniform(0...255))
      }
      do throws(ImagingError) {
        let image = try Image.decode(damaged, name: "damaged", limits: ImageLimits(pixels: 1 << 20))
        #expect(image.pixels.count == image.width * image.height * image.channels)
        outcomes[true, default: 0] += 1
      } catch {
        #expect(error.place == "damaged" && !error.reason.isEmpty && !error.hint.isEmpty)
        outcomes[false, default: 0] += 1
      }
    }
    #expect(outcomes[false, default: 0] > 0)
  }
}
