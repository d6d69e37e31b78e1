public enum AugmentStrength: Int32, Sendable, CaseIterable {
  /// Preprocessing only, no randomness: evaluation.
  case none = 0
  case standard = 1
  case strong = 2
}

/// Turns a sample into what a model takes. Called from several threads at once.
public protocol Augmenter: Sendable {
  var specification: AugmenterSpecification { get }

  /// The result depends on nothing but the arguments.
  func apply(_ input: Tensor, strength: AugmentStrength, seed: UInt64) throws -> Tensor
}
