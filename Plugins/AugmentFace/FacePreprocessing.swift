import SentryImaging
import SentryPluginAPI

/// ``FaceAugmenter`` as the border sees it: uint8 [H, W, C] in, normalised float32 [1, S, S] out.
struct FacePreprocessing: Augmenter {
  struct Options: Decodable {
    var size: Int
  }
  static let declarations: [OptionDeclaration] = [
    .integer("size", 224, minimum: 16, maximum: 1024, "Height and width of the result in pixels.")
  ]

  let specification: AugmenterSpecification
  private let augmenter: FaceAugmenter

  init(options: Options) throws {
    augmenter = try FaceAugmenter(imageSize: options.size)
    specification = AugmenterSpecification(
      input: TensorSpecification(.uint8, [-1, -1, -1], layout: "HWC"),
      output: TensorSpecification(.float32, [1, options.size, options.size], layout: "CHW"),
      normalisation: ["channels": "grey", "scale": .number(1.0 / 255), "mean": [0.5], "std": [0.5]])
  }

  func apply(_ input: Tensor, strength: AugmentStrength, seed: UInt64) throws -> Tensor {
    let image = try image(input)
    let output = Tensor([1, augmenter.imageSize, augmenter.imageSize])
    let kind: FaceAugmenter.Strength =
      switch strength {
      case .none: .evaluation
      case .mild: .mild
      case .standard: .standard
      case .strong: .aggressive
      }
    try augmenter.apply(image, strength: kind, seed: seed, into: try output.elements(as: Float.self))
    return output
  }

  private func image(_ input: Tensor) throws -> Image {
    guard input.shape.count == 3 else { throw PluginError.invalid("expected an image [H, W, C], got \(input.shape)") }
    return try Image(
      width: input.shape[1], height: input.shape[0], channels: input.shape[2], pixels: try input.array(of: UInt8.self))
  }
}

extension FacePreprocessing: ViewingAugmenter {
  var viewSets: [ViewSet] { FaceViews.allCases.map { ViewSet($0.rawValue, count: $0.count, $0.help) } }

  func view(_ view: Int, ofSet set: Int, _ input: Tensor) throws -> Tensor {
    let size = specification.output.shape[2]
    let output = Tensor([1, size, size])
    try FaceViews.allCases[set].write(
      view, of: try image(input), size: size, into: try output.elements(as: Float.self))
    return output
  }
}
