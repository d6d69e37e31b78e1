import SentryPluginAPI
import Testing

@testable import AugmentFace
@testable import SentryImaging

@Suite("Views for test-time augmentation")
struct ViewsTests {
  /// No symmetry, no repetition.
  private func face(side: Int = 48, channels: Int = 1) throws -> Image {
    let pixels = (0..<side * side * channels).map { UInt8(($0 * 7 + $0 / side * 13 + $0 * $0 / 31) % 251) }
    return try Image(width: side, height: side, channels: channels, pixels: pixels)
  }

  private func view(_ view: Int, _ set: FaceViews, of image: Image, size: Int) throws -> [Float] {
    var result = [Float](repeating: .nan, count: size * size)
    try result.withUnsafeMutableBufferPointer { target throws(ImagingError) in
      try set.write(view, of: image, size: size, into: target)
    }
    return result
  }

  private func mirrored(_ picture: [Float], size: Int) -> [Float] {
    (0..<size * size).map { picture[$0 / size * size + size - 1 - $0 % size] }
  }

  @Test("flip is the evaluation input and its mirror image", arguments: [48, 65])
  func flip(_ size: Int) throws {
    let image = try face()
    let plain = try FaceAugmenter(imageSize: size).apply(image, strength: .evaluation, seed: 0)
    #expect(try view(0, .flip, of: image, size: size) == plain)
    #expect(try view(1, .flip, of: image, size: size) == mirrored(plain, size: size))
    #expect(plain != mirrored(plain, size: size))
  }

  /// torchvision.transforms.functional.ten_crop: top left, top right, bottom left, bottom right, centre; then all mirrored.
  @Test("ten-crop is torchvision's order of crops from a picture larger by the margin")
  func tenCrop() throws {
    let (size, margin) = (48, 7)
    let image = try face()
    let large = try FaceAugmenter(imageSize: size + margin).apply(image, strength: .evaluation, seed: 0)
    func crop(_ left: Int, _ top: Int) -> [Float] {
      (0..<size * size).map { large[(top + $0 / size) * (size + margin) + left + $0 % size] }
    }
    // round(3.5) is 4 in Python.
    let crops = [crop(0, 0), crop(7, 0), crop(0, 7), crop(7, 7), crop(4, 4)]
    let views = try (0..<10).map { try view($0, .tenCrop, of: image, size: size) }
    #expect(views == crops + crops.map { mirrored($0, size: size) })
    #expect(Set(views).count == 10)
  }

  @Test("The component offers both, and colour is made grey")
  func component() throws {
    let component = try FacePreprocessing(options: .init(size: 32))
    #expect(component.viewSets.map(\.name) == ["flip", "ten-crop"] && component.viewSets.map(\.count) == [2, 10])
    let colour = try face(side: 20, channels: 3)
    let sample = Tensor([20, 20, 3], colour.pixels)
    for (set, views) in FaceViews.allCases.enumerated() {
      for number in 0..<views.count {
        let given = try component.view(number, ofSet: set, sample)
        #expect(given.shape == [1, 32, 32])
        #expect(try given.array(of: Float.self) == view(number, views, of: colour, size: 32))
        #expect(try given.array(of: Float.self).allSatisfy { (-1...1).contains($0) })
      }
    }
    #expect(throws: PluginError.self) { try component.view(0, ofSet: 0, Tensor([20, 20], colour.grey().pixels)) }
  }
}
