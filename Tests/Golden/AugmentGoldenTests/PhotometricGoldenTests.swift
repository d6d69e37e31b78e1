import Testing

@testable import AugmentFace
@testable import SentryImaging

@Suite("Photometric operations against torchvision")
struct PhotometricGoldenTests {
  @Test(
    "Equal to the last bit", arguments: GoldenCase.cases("brightness", "contrast", "saturation", "hue", "sharpness"))
  func adjustment(_ golden: GoldenCase) throws {
    var image = try golden.sourceImage()
    let value = golden.parameters[0]
    switch golden.operation {
    case "brightness": try image.adjustBrightness(value)
    case "contrast": try image.adjustContrast(value)
    case "saturation": try image.adjustSaturation(value)
    case "hue": try image.adjustHue(value)
    default: try RandomAdjustSharpness(factor: value, probability: 1).apply(value, to: &image)
    }
    #expect(try image == golden.expected())
  }

  @Test("Autocontrast", arguments: GoldenCase.cases("autocontrast"))
  func autocontrast(_ golden: GoldenCase) throws {
    var image = try golden.sourceImage()
    image.autocontrast()
    #expect(try image == golden.expected())
  }

  @Test("Four adjustments in a given order; on grey they are one curve", arguments: GoldenCase.cases("jitter"))
  func jitter(_ golden: GoldenCase) throws {
    let steps = stride(from: 0, to: golden.parameters.count, by: 2).map { index -> ColorJitter.Adjustment in
      let value = golden.parameters[index + 1]
      return switch golden.parameters[index] {
      case 0: .brightness(value)
      case 1: .contrast(value)
      case 2: .saturation(value)
      default: .hue(value)
      }
    }
    var image = try golden.sourceImage()
    try ColorJitter(brightness: 1, contrast: 1, saturation: 1, hue: 0.5).apply(steps, to: &image)
    #expect(try image == golden.expected())
  }

  @Test("Gaussian blur within one level", arguments: GoldenCase.cases("blur"))
  func blur(_ golden: GoldenCase) throws {
    var image = try golden.sourceImage()
    let blur = RandomGaussianBlur(kernelSize: Int(golden.parameters[0]), sigma: 0.1...3, probability: 1)
    try blur.apply(golden.parameters[1], to: &image)
    let difference = try #require(largestDifference(image, golden.expected()))
    #expect(difference <= 1)
  }

  @Test("Grey within one level of Pillow", arguments: GoldenCase.cases("grey"))
  func grey(_ golden: GoldenCase) throws {
    let difference = try #require(largestDifference(golden.sourceImage().grey(), golden.expected()))
    #expect(difference <= 1)
  }

  @Test("Low light as OpenCV's gamma and CLAHE", arguments: GoldenCase.cases("low-light"))
  func lowLight(_ golden: GoldenCase) throws {
    #expect(try golden.sourceImage().lowLightCorrected() == golden.expected())
  }

  @Test("Erasing sets the rectangle, and nothing else", arguments: GoldenCase.cases("erase"))
  func erase(_ golden: GoldenCase) throws {
    let size = try golden.sourceImage().width
    var picture = try golden.sourceImage().pixels.map(Float.init)
    let values = golden.parameters.map { Int($0) }
    let rectangle = RandomErasing.Rectangle(left: values[0], top: values[1], width: values[2], height: values[3])
    let erasing = RandomErasing(probability: 1, area: 0.02...0.2, ratio: 0.3...3.3)
    picture.withUnsafeMutableBufferPointer { erasing.apply(rectangle, to: $0, size: size) }
    #expect(try picture == golden.expected().pixels.map(Float.init))
  }
}
