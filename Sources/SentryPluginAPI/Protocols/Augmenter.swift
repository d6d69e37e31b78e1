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

/// An augmenter that reads files by itself (`sentry.augmenter.reader/1`): what a trained model judges without a dataset.
public protocol FileReadingAugmenter: Augmenter {
  /// Which files, and what can be chosen about their reading.
  var reading: FileReading { get }

  /// How many samples a file holds, at least 1. Cheap: looks at no more than a header.
  func sampleCount(of path: String) throws -> Int

  /// Reads one of them, as ``Augmenter/apply(_:strength:seed:)`` takes it. Throw ``PluginError/badData(_:hint:)`` for a
  /// damaged file.
  func readSample(_ index: Int, of path: String, options: Options) throws -> Tensor
}

extension FileReadingAugmenter {
  public func sampleCount(of path: String) throws -> Int { 1 }
}

/// Which files an augmenter reads, and what can be chosen about it.
public struct FileReading: Codable, Sendable {
  /// The ends of file names, in lower case: `.jpg`.
  public var suffixes: [String]
  /// The JSON Schema of the options.
  public var options: JSONValue

  public init(suffixes: [String], options: [OptionDeclaration] = []) {
    (self.suffixes, self.options) = (suffixes, OptionDeclaration.schema(options))
  }
}
