import CSentryPlugin

public enum Split: Int32, Sendable, CaseIterable, Codable {
  case train = 0
  case validation = 1
  case test = 2
}

/// Samples with their targets, by split and index. Several threads call all members at once.
public protocol Dataset: Sendable {
  var specification: DatasetSpecification { get }

  /// The number of samples in a split; 0 if the dataset does not have the split.
  func count(in split: Split) -> Int

  /// The class index of each task, in the order of `specification.tasks`; nil for a task without a label. Must be cheap: it does
  /// not read the sample.
  func targets(at index: Int, in split: Split) throws -> [Int?]

  /// Reads one sample, of the type and shape of `specification.sample`.
  ///
  /// - Throws: ``PluginError/badData(_:hint:)`` if the sample is damaged; a run with `--skip-bad` skips it.
  func sample(at index: Int, in split: Split) throws -> Tensor

  /// The origin of the sample for messages, for example a path or a row.
  func name(at index: Int, in split: Split) -> String

  /// The group of the sample, for example a person or a recording; nil if unknown. A held-out validation split never shares a
  /// group with training.
  func group(at index: Int, in split: Split) -> Int?
}

/// Mean and standard deviation of each feature (the last axis of a sample).
public struct FeatureStatistics: Codable, Sendable, Equatable {
  public var mean: [Double]
  /// Population standard deviations (divisor N).
  public var std: [Double]
  /// The origin of the numbers, shown in the run.
  public var source: String?
  public init(mean: [Double], std: [Double], source: String? = nil) {
    (self.mean, self.std, self.source) = (mean, std, source)
  }
}

/// A dataset that provides mean and standard deviation of its features (`sentry.dataset.statistics/1`).
public protocol StatisticsProviding: Dataset {
  /// False if this object does not support it, for example an imported dataset without the extension.
  var providesStatistics: Bool { get }
  /// The statistics of the given samples, which are those that a run trains on. A sample that cannot be read is left out;
  /// ``Dataset/sample(at:in:)`` reports it.
  func statistics(of indices: [Int], in split: Split) throws -> FeatureStatistics
}

extension StatisticsProviding {
  public var providesStatistics: Bool { true }
}

/// A dataset whose labels are distributions, such as the votes of several people (`sentry.dataset.soft-targets/draft-1`).
public protocol SoftTargetProviding: Dataset {
  /// False if this object does not support it, for example an imported dataset without the extension.
  var providesSoftTargets: Bool { get }
  /// The probabilities of the classes of each task, in the order of `specification.tasks`; nil for a task without a
  /// distribution: its class index counts. Must be cheap, as ``Dataset/targets(at:in:)``.
  func softTargets(at index: Int, in split: Split) throws -> [[Float]?]
}

extension SoftTargetProviding {
  public var providesSoftTargets: Bool { true }
}

extension Dataset {
  public func group(at index: Int, in split: Split) -> Int? { nil }
}
