import CSentryPlugin

public final class ImportedDataset: StatisticsProviding, SoftTargetProviding, CountCheckingDataset, ImportedComponent,
  @unchecked Sendable
{
  public static let kind = SENTRY_KIND_DATASET
  private let object: UnsafeMutablePointer<sentry_dataset>
  public let specification: DatasetSpecification
  private let statistics: UnsafePointer<sentry_dataset_statistics>?
  private let softTargets: UnsafePointer<sentry_dataset_soft_targets>?

  public let callee: Callee
  /// The number of samples of each split when the object was taken over.
  private let counts: [Int]

  public init(adopting object: UnsafeMutableRawPointer, as callee: Callee) throws {
    self.callee = callee
    try checkObject(object, atLeast: SENTRY_DATASET_SIZE_1_0, "sentry_dataset")
    let object = object.assumingMemoryBound(to: sentry_dataset.self)
    self.object = object
    (specification, counts, statistics, softTargets) = try callee.during("describing itself") {
      let specification: DatasetSpecification = try described(object.pointee.describe(object))
      let find = { object.pointee.get_extension(object, $0) }
      return (
        specification, Split.allCases.map { Int(object.pointee.count(object, $0.rawValue)) },
        try offered(
          SENTRY_EXTENSION_DATASET_STATISTICS, atLeast: SENTRY_DATASET_STATISTICS_SIZE_1_0,
          as: sentry_dataset_statistics.self, find),
        try offered(
          SENTRY_EXTENSION_DATASET_SOFT_TARGETS, atLeast: SENTRY_DATASET_SOFT_TARGETS_SIZE_1_0,
          as: sentry_dataset_soft_targets.self, find)
      )
    }
  }
  deinit { callee.during("being destroyed") { object.pointee.destroy(object) } }

  public func count(in split: Split) -> Int {
    callee.during("counting its samples") { Int(object.pointee.count(object, split.rawValue)) }
  }

  public func checkedCount(in split: Split) throws -> Int {
    let (count, before) = (count(in: split), counts[Int(split.rawValue)])
    guard count == before else {
      throw PluginError(
        "\(callee.title) said that it has \(before) samples in \(split), and now says \(count)",
        hint: "its count must not change: this is a fault of the plugin")
    }
    return try plausible(count, in: split, of: callee.title)
  }

  public func targets(at index: Int, in split: Split) throws -> [Int?] {
    var targets = [Int64](repeating: Int64(SENTRY_TARGET_MISSING), count: max(specification.tasks.count, 1))
    let place = SamplePlace(index, of: split)
    try callee.call("labelling sample", place) {
      object.pointee.targets(object, split.rawValue, Int64(index), &targets, $0)
    }
    return try zip(specification.tasks, targets).map { task, target in
      if target == Int64(SENTRY_TARGET_MISSING) { return nil }
      guard let label = Int(exactly: target), task.classes.indices.contains(label) else {
        throw PluginError.badData(
          "\(callee.title), labelling sample \(place): \(name(at: index, in: split)): class \(target) of task '\(task.name)', which has \(task.classes.count) classes"
        )
      }
      return label
    }
  }

  public func sample(at index: Int, in split: Split) throws -> Tensor {
    var sample: UnsafeMutablePointer<sentry_managed_tensor>?
    let place = SamplePlace(index, of: split)
    try callee.call("reading sample", place) {
      object.pointee.sample(object, split.rawValue, Int64(index), &sample, $0)
    }
    return try callee.judge("reading sample", place) {
      let tensor = try handedOver(sample)
      try specification.sample.require(tensor, "samples")
      return tensor
    }
  }

  public func name(at index: Int, in split: Split) -> String {
    callee.during("naming sample", SamplePlace(index, of: split)) {
      var buffer = [CChar](repeating: 0, count: 512)
      let length = Int(object.pointee.name(object, split.rawValue, Int64(index), &buffer, Int64(buffer.count)))
      if length >= buffer.count, length < 1 << 20 {
        buffer = [CChar](repeating: 0, count: length + 1)
        _ = object.pointee.name(object, split.rawValue, Int64(index), &buffer, Int64(buffer.count))
      }
      return String(decoding: buffer.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    }
  }

  public func group(at index: Int, in split: Split) -> Int? {
    let group = callee.during("grouping sample", SamplePlace(index, of: split)) {
      object.pointee.group(object, split.rawValue, Int64(index))
    }
    return group < 0 ? nil : Int(group)
  }

  // MARK: sentry.dataset.soft-targets/draft-1

  /// Whether labels are distributions.
  public var providesSoftTargets: Bool { softTargets != nil }

  public func softTargets(at index: Int, in split: Split) throws -> [[Float]?] {
    let table = try required(softTargets, SENTRY_EXTENSION_DATASET_SOFT_TARGETS)
    var values = [Float](repeating: .nan, count: max(specification.tasks.reduce(0) { $0 + $1.classes.count }, 1))
    let place = SamplePlace(index, of: split)
    try callee.call("labelling sample", place) {
      table.pointee.probabilities(object, split.rawValue, Int64(index), &values, $0)
    }
    var first = 0
    return try specification.tasks.map { task in
      let own = Array(values[first..<first + task.classes.count])
      first += own.count
      if own.allSatisfy(\.isNaN) { return nil }
      guard own.allSatisfy({ $0 >= 0 && $0.isFinite }), abs(own.reduce(0, +) - 1) < 1e-3 else {
        throw PluginError.badData(
          "\(callee.title), labelling sample \(place): \(name(at: index, in: split)): the probabilities of '\(task.name)' are \(own), which is no distribution"
        )
      }
      return own
    }
  }

  // MARK: sentry.dataset.statistics/1

  /// Whether the dataset tells how its values lie.
  public var providesStatistics: Bool { statistics != nil }

  public func statistics(of indices: [Int], in split: Split) throws -> FeatureStatistics {
    let table = try required(statistics, SENTRY_EXTENSION_DATASET_STATISTICS)
    let result: FeatureStatistics = try reported("the dataset's statistics", by: callee, "computing statistics") {
      table.pointee.statistics(object, split.rawValue, indices.map(Int64.init), Int64(indices.count), $0, $1)
    }
    guard result.mean.count == result.std.count, (result.mean + result.std).allSatisfy(\.isFinite) else {
      throw PluginError.badData(
        "the dataset's statistics have \(result.mean.count) means and \(result.std.count) deviations, or not all are numbers"
      )
    }
    return result
  }
}
