import CSentryPlugin

/// How strongly samples are varied, weakest first; the numbers are the border's.
public enum AugmentStrength: Int32, Sendable, CaseIterable {
  /// Preprocessing only, no randomness: evaluation.
  case none = 0
  /// Less than the standard. An augmenter may not have it: see ``unsupported``.
  case mild = 3
  case standard = 1
  case strong = 2

  /// The error of an augmenter that does not have this strength.
  public var unsupported: PluginError {
    PluginError("the augmenter has no \(self) augmentation", hint: "choose another strength", code: SENTRY_UNSUPPORTED)
  }
}

/// Turns a sample into what a model takes. Called from several threads at once.
public protocol Augmenter: Sendable {
  var specification: AugmenterSpecification { get }

  /// The result depends on nothing but the arguments.
  func apply(_ input: Tensor, strength: AugmentStrength, seed: UInt64) throws -> Tensor
}
