import CSentryPlugin

public enum Split: Int32, Sendable, CaseIterable, Codable {
  case train = 0
  case validation = 1
  case test = 2
}

/// Samples with their targets, by split and index. All members may be called from several threads at once.
public protocol Dataset: Sendable {
  var specification: DatasetSpecification { get }

  /// How many samples a split has; 0 where there is no such split.
  func count(in split: Split) -> Int

  /// The class of each task, nil where unlabelled. Cheap: reads no sample.
  func targets(at index: Int, in split: Split) throws -> [Int?]

  /// Reads one sample. Throw ``PluginError/badData(_:hint:)`` for a damaged one.
  func sample(at index: Int, in split: Split) throws -> Tensor

  /// Where the sample comes from: a path, a row.
  func name(at index: Int, in split: Split) -> String

  /// Samples of one group (a person, a recording) never end on both sides of a hold-out; nil: unknown.
  func group(at index: Int, in split: Split) -> Int?
}

extension Dataset {
  public func group(at index: Int, in split: Split) -> Int? { nil }
}
