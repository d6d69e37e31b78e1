import SentryPluginAPI

/// Images of any size and number of channels to grey ones of one size, from -1 to 1; flipped and brightened at random in training.
struct TemplateNameAugmenter: Augmenter {
  struct Options: Decodable {
    var size: Int
  }
  let options: Options

  var specification: AugmenterSpecification {
    AugmenterSpecification(
      input: TensorSpecification(.uint8, [-1, -1, -1], layout: "HWC"),
      output: TensorSpecification(.float32, [1, options.size, options.size], layout: "CHW"),
      // Kept in checkpoints, for whoever uses the model without this plugin.
      normalisation: ["channels": "grey", "scale": .number(1.0 / 255), "mean": [0.5], "std": [0.5]])
  }

  /// Called from several threads at once. All randomness comes from the seed, so that a run can be repeated.
  func apply(_ input: Tensor, strength: AugmentStrength, seed: UInt64) throws -> Tensor {
    guard input.shape.count == 3, input.count > 0 else {
      throw PluginError.invalid("expected an image [H, W, C], got \(input.shape)")
    }
    let (height, width, channels, size) = (input.shape[0], input.shape[1], input.shape[2], options.size)
    let pixels = try input.elements(as: UInt8.self)
    let output = Tensor([1, size, size])
    let values = try output.elements(as: Float.self)
    let change = Change(strength: strength, seed: seed)
    for y in 0..<size {
      for x in 0..<size {
        // The nearest pixel; an image library does this better.
        let (row, column) = ((2 * y + 1) * height / (2 * size), (2 * x + 1) * width / (2 * size))
        let first = (row * width + column) * channels
        let grey = (first..<first + channels).reduce(0) { $0 + Float(pixels[$1]) } / Float(channels)
        values[y * size + (change.flips ? size - 1 - x : x)] = (grey / 255 - 0.5) / 0.5 * change.contrast
      }
    }
    return withExtendedLifetime(input) { output }
  }
}

/// What happens to one image.
private struct Change {
  var flips = false
  var contrast: Float = 1

  init(strength: AugmentStrength, seed: UInt64) {
    let range: Float =
      switch strength {
      case .none: 0
      case .mild: 0.1
      case .standard: 0.2
      case .strong: 0.4
      }
    guard strength != .none else { return }
    // The finaliser of SplitMix64: seeds that differ little give bits that differ much.
    var bits = (seed ^ (seed >> 30)) &* 0xbf58_476d_1ce4_e5b9
    bits = (bits ^ (bits >> 27)) &* 0x94d0_49bb_1331_11eb
    bits ^= bits >> 31
    flips = bits & 1 == 1
    contrast = 1 + range * (Float(bits >> 40) / 0x1p23 - 1)
  }
}
