import Foundation
import SentryTestSupport
import Testing

@testable import AugmentFace
@testable import SentryImaging

@Suite("The face augmenter")
struct AugmenterTests {
  static let strengths: [FaceAugmenter.Strength] = [.evaluation, .mild, .standard, .aggressive]

  private func face(channels: Int, side: Int = 48) throws -> Image {
    var random = SplitMix64(seed: 3)
    var pixels: [UInt8] = []
    for index in 0..<side * side * channels {
      pixels.append(UInt8((index / channels % side * 5 + random.uniform(0...15)) % 256))
    }
    return try Image(width: side, height: side, channels: channels, pixels: pixels)
  }

  @Test("Equal seeds give equal bytes, other seeds others", arguments: strengths, [1, 3])
  func seeds(_ strength: FaceAugmenter.Strength, _ channels: Int) throws {
    let augmenter = try FaceAugmenter(imageSize: 64)
    let image = try face(channels: channels)
    let first = try augmenter.apply(image, strength: strength, seed: 11)
    #expect(try augmenter.apply(image, strength: strength, seed: 11) == first)
    #expect(try (augmenter.apply(image, strength: strength, seed: 12) == first) == (strength == .evaluation))
  }

  @Test("Results lie in -1...1, have the size asked for and are not empty", arguments: [8, 48, 65, 224])
  func range(_ size: Int) throws {
    let augmenter = try FaceAugmenter(imageSize: size)
    for strength in Self.strengths {
      for seed in 0..<40 as Range<UInt64> {
        let picture = try augmenter.apply(face(channels: seed % 2 == 0 ? 1 : 3), strength: strength, seed: seed)
        #expect(picture.count == size * size)
        #expect(picture.allSatisfy { (-1...1).contains($0) })
        #expect(Set(picture).count > 2)
      }
    }
  }

  /// Those that an augmenter can be made for.
  static let squares = GoldenCase.cases("resize").filter {
    $0.parameters[0] == $0.parameters[1] && FaceAugmentation.sizes.contains(Int($0.parameters[0]))
  }

  @Test("Evaluation is resize, grey and normalisation alone", arguments: squares)
  func evaluation(_ golden: GoldenCase) throws {
    let width = Int(golden.parameters[0])
    let picture = try FaceAugmenter(imageSize: width).apply(golden.sourceImage(), strength: .evaluation, seed: 0)
    let expected = try golden.expected().grey().pixels.map { (Float($0) / 255 - 0.5) / 0.5 }
    #expect(picture == expected)
  }

  @Test(
    "A grey image augments as its RGB copy does, up to rounding", arguments: [FaceAugmenter.Strength.mild, .standard])
  func greyLikeColour(_ strength: FaceAugmenter.Strength) throws {
    let grey = try face(channels: 1)
    let colour = try Image(width: 48, height: 48, channels: 3, pixels: grey.pixels.flatMap { [$0, $0, $0] })
    let augmenter = try FaceAugmenter(imageSize: 48)
    for seed in 0..<50 as Range<UInt64> {
      let one = try augmenter.apply(grey, strength: strength, seed: seed)
      let other = try augmenter.apply(colour, strength: strength, seed: seed)
      let largest = zip(one, other).map { abs($0 - $1) }.max() ?? 2
      // torchvision's luma of (v, v, v) is v - 1, which saturation and contrast pass on.
      #expect(largest <= 5 * 2 / 255.0, "seed \(seed): \(largest)")
    }
  }

  @Test("What shrinks does not alias")
  func antialiasing() throws {
    // A checkerboard of single pixels is grey from afar; sampled without reduction it would be black and white.
    let side = 1000
    let pixels = (0..<side * side).map { UInt8(($0 / side + $0 % side) % 2 * 255) }
    let board = try Image(width: side, height: side, channels: 1, pixels: pixels)
    let map = Homography.resize(source: [side, side], target: [48, 48]) * .rotation(degrees: 12, size: [48, 48])
    let small = try board.warped(by: map, width: 48, height: 48)
    for y in 12..<36 {
      for x in 12..<36 { #expect(abs(Int(small.pixels[y * 48 + x]) - 128) <= 3) }
    }
  }

  @Test("Impossible sizes are refused", arguments: [-1, 0, 7, 8193, Int.max])
  func sizes(_ size: Int) throws {
    let error = #expect(throws: ImagingError.self) { try FaceAugmenter(imageSize: size) }
    #expect(error?.code == .invalidArgument)
  }

  @Test(
    "Every photograph of the shared data augments",
    .enabled(if: SharedData.expects("faces"), "needs ../shared/data/faces"))
  func photographs() throws {
    let folder = SharedData.path("faces")
    let names = try FileManager.default.contentsOfDirectory(atPath: folder)
    let augmenter = try FaceAugmenter(imageSize: 224)
    let images = names.filter { $0.hasSuffix(".jpg") || $0.hasSuffix(".png") }
    #expect(images.count >= 5)
    for name in images.sorted() {
      let image = try Image.load(path: folder + "/" + name)
      for strength in Self.strengths {
        let picture = try augmenter.apply(image, strength: strength, seed: 5)
        #expect(Set(picture).count > 50, "\(name)")
      }
    }
  }
}
