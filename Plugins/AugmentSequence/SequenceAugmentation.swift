import SentryBase
import SentryPluginAPI

/// The random changes of training, each with a probability of its own; the mild set halves the probabilities, the strong one
/// doubles them.
struct SequenceAugmentation: Sendable {
  /// Features that are dropped together.
  let landmarkSize: Int
  /// In deviations of a feature.
  let noise: Float

  static let (speedChance, speed) = (0.2, 0.8...1.2)
  /// The window moves by up to so many frames either way.
  static let (jitterChance, jitter) = (0.3, -2...2)
  static let (scaleChance, scale) = (0.3, 0.9...1.1)
  static let noiseChance = 0.5
  /// Each landmark is dropped with the second probability, for the whole sequence.
  static let (dropChance, drop) = (0.1, 0.05)

  func apply(
    to sequence: inout FeatureSequence, strength: AugmentStrength, seed: UInt64, normalisation: Normalisation
  ) {
    var random = SplitMix64(seed: seed)
    let factor = Self.factor(of: strength)
    if random.chance(Self.speedChance * factor) { changeSpeed(of: &sequence, by: random.uniform(Self.speed)) }
    if random.chance(Self.jitterChance * factor) { shift(&sequence, by: random.uniform(Self.jitter)) }
    if random.chance(Self.scaleChance * factor) {
      let scale = Float(random.uniform(Self.scale))
      for index in sequence.values.indices { sequence.values[index] *= scale }
    }
    normalisation.apply(to: &sequence.values)
    if random.chance(Self.noiseChance * factor) {
      for index in sequence.values.indices { sequence.values[index] += noise * Float(random.gaussian()) }
    }
    if random.chance(Self.dropChance * factor) { dropLandmarks(of: &sequence, using: &random) }
  }

  private static func factor(of strength: AugmentStrength) -> Double {
    switch strength {
    case .none: 0
    case .mild: 0.5
    case .standard: 1
    case .strong: 2
    }
  }

  /// Faster or slower about the middle of the window.
  func changeSpeed(of sequence: inout FeatureSequence, by speed: Double) {
    let middle = Float(sequence.frames - 1) / 2
    sequence = sequence.resampled { middle + (Float($0) - middle) * Float(speed) }
  }

  func shift(_ sequence: inout FeatureSequence, by frames: Int) {
    sequence = sequence.resampled { Float($0 + frames) }
  }

  /// A dropped landmark stands at its mean: 0 after normalisation.
  private func dropLandmarks(of sequence: inout FeatureSequence, using random: inout SplitMix64) {
    for first in stride(from: 0, to: sequence.features, by: landmarkSize) where random.chance(Self.drop) {
      for frame in 0..<sequence.frames {
        for feature in first..<first + landmarkSize { sequence.values[frame * sequence.features + feature] = 0 }
      }
    }
  }
}
