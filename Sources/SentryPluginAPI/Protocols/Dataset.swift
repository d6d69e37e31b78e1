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

/// How the values of samples lie, feature by feature (the last axis).
public struct FeatureStatistics: Codable, Sendable, Equatable {
  public var mean: [Double]
  /// The standard deviation of the population, not of an estimate from it.
  public var std: [Double]
  /// Where they come from, for the reader of a run.
  public var source: String?
  public init(mean: [Double], std: [Double], source: String? = nil) {
    (self.mean, self.std, self.source) = (mean, std, source)
  }
}

/// A dataset that can tell how its values lie (`sentry.dataset.statistics/1`).
public protocol StatisticsProviding: Dataset {
  /// False where the type could but this object cannot: an imported dataset without the extension.
  var providesStatistics: Bool { get }
  /// Over these samples alone: those that a run trains on. One that cannot be read is left out, for ``sample(at:in:)`` to
  /// report.
  func statistics(of indices: [Int], in split: Split) throws -> FeatureStatistics
}

extension StatisticsProviding {
  public var providesStatistics: Bool { true }
}

extension Dataset {
  public func group(at index: Int, in split: Split) -> Int? { nil }
}
