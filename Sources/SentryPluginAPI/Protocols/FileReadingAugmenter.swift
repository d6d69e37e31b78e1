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
