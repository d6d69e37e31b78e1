import CSentryPlugin

/// The strength of augmentation, weakest first. The raw values are those of the border.
public enum AugmentStrength: Int32, Sendable, CaseIterable {
  /// Only preprocessing, without randomness, as in evaluation.
  case none = 0
  /// Weaker than `standard`. Optional: an augmenter without it throws ``unsupported``.
  case mild = 3
  case standard = 1
  case strong = 2

  /// The error that an augmenter throws if it does not support this strength.
  public var unsupported: PluginError {
    PluginError("the augmenter has no \(self) augmentation", hint: "choose another strength", code: SENTRY_UNSUPPORTED)
  }
}

/// Turns a sample of a dataset into the input of a model. Several threads call it at once.
public protocol Augmenter: Sendable {
  var specification: AugmenterSpecification { get }

  /// Prepares and, depending on the strength, varies one sample. The result must depend only on the arguments.
  ///
  /// - Parameters:
  ///   - input: one sample of the type and shape of `specification.input`.
  ///   - seed: the seed of all random choices for this sample.
  /// - Returns: a tensor of the type and shape of `specification.output`.
  /// - Throws: ``PluginError`` if the sample does not fit or the strength is not supported.
  func apply(_ input: Tensor, strength: AugmentStrength, seed: UInt64) throws -> Tensor
}

/// An augmenter that reads files (`sentry.augmenter.reader/1`), so that a trained model can predict files that are in no dataset.
public protocol FileReadingAugmenter: Augmenter {
  /// The file types, and the options of reading.
  var reading: FileReading { get }

  /// The number of samples in a file, at least 1. Must be cheap: read at most a header.
  func sampleCount(of path: String) throws -> Int

  /// Reads sample `index` of a file, as ``Augmenter/apply(_:strength:seed:)`` takes it.
  ///
  /// - Throws: ``PluginError/badData(_:hint:)`` if the file is damaged.
  func readSample(_ index: Int, of path: String, options: Options) throws -> Tensor
}

extension FileReadingAugmenter {
  public func sampleCount(of path: String) throws -> Int { 1 }
}

/// An augmenter that shows one sample in several ways (`sentry.augmenter.views/draft-1`), so that a trained model can be asked about
/// each, and its answers averaged.
public protocol ViewingAugmenter: Augmenter {
  var viewSets: [ViewSet] { get }

  /// View number `view` of set number `set` of a sample, in the form of ``Augmenter/apply(_:strength:seed:)``, without randomness.
  func view(_ view: Int, ofSet set: Int, _ input: Tensor) throws -> Tensor
}

/// A set of views of a sample, by the name that users type.
public struct ViewSet: Codable, Sendable, Equatable {
  /// Lower-case letters, digits and `-`.
  public var name: String
  /// The number of views, 2 to 256.
  public var count: Int
  /// What the views are, in a sentence.
  public var help: String

  public init(_ name: String, count: Int, _ help: String) { (self.name, self.count, self.help) = (name, count, help) }
}

/// The file types that an augmenter reads, and the options of reading.
public struct FileReading: Codable, Sendable {
  /// Suffixes of file names, in lower case, for example `.jpg`.
  public var suffixes: [String]
  /// The JSON Schema of the options.
  public var options: JSONValue

  public init(suffixes: [String], options: [OptionDeclaration] = []) {
    (self.suffixes, self.options) = (suffixes, OptionDeclaration.schema(options))
  }
}
