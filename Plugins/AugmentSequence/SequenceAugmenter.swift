import SentryPluginAPI

/// Sequences float32 [T, F] for a model: every feature with mean 0 and deviation 1 over the training frames; in training
/// changed at random before and after that.
struct SequenceAugmenter: Augmenter {
  let specification: AugmenterSpecification
  let frames, features: Int
  private let normalisation: Normalisation
  private let augmentation: SequenceAugmentation

  init(_ options: SequenceOptions, host: Host?) throws {
    let input = options.input
    guard input.dtype == .float32, input.shape.count == 2, input.shape.allSatisfy({ $0 > 0 }) else {
      throw PluginError.invalid(
        "samples are \(input), but 'sequence' takes float32 [frames, features] of one length",
        hint: "choose another --augmenter, or a dataset of sequences")
    }
    (frames, features) = (input.shape[0], input.shape[1])
    normalisation = try Normalisation(options.statistics, features: features)
    if options.statistics == nil {
      host?.log(
        .warning, "the dataset provides no mean and standard deviation of its features: they are not normalised")
    }
    let size = options.landmarkSize > 0 ? options.landmarkSize : [75, 99].contains(features) ? 3 : 1
    guard features.isMultiple(of: size) else {
      throw PluginError.invalid(
        "\(features) features are not a multiple of the landmark size \(size)", hint: "--set augmenter.landmark-size=1")
    }
    augmentation = SequenceAugmentation(landmarkSize: size, noise: Float(options.noise))
    specification = AugmenterSpecification(
      input: input, output: TensorSpecification(.float32, input.shape, layout: "TF"),
      normalisation: normalisation.description)
  }

  func apply(_ input: Tensor, strength: AugmentStrength, seed: UInt64) throws -> Tensor {
    guard input.shape == [frames, features] else {
      throw PluginError.invalid("expected a sequence of [\(frames), \(features)], got \(input.shape)")
    }
    var sequence = FeatureSequence(
      values: try input.array(of: Float.self), frames: frames, features: features)
    switch strength {
    case .none: normalisation.apply(to: &sequence.values)
    case .mild, .standard, .strong:
      augmentation.apply(to: &sequence, strength: strength, seed: seed, normalisation: normalisation)
    }
    return Tensor([frames, features], sequence.values)
  }
}
