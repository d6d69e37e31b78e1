public import CSentryPlugin

public final class ImportedDataset: StatisticsProviding, ImportedComponent, @unchecked Sendable {
  public static let kind = SENTRY_KIND_DATASET
  private let object: UnsafeMutablePointer<sentry_dataset>
  public let specification: DatasetSpecification
  private let statistics: UnsafePointer<sentry_dataset_statistics>?

  public init(adopting object: UnsafeMutableRawPointer) throws {
    let object = object.assumingMemoryBound(to: sentry_dataset.self)
    self.object = object
    try checkSize(object.pointee.struct_size, atLeast: SENTRY_DATASET_SIZE_1_0, "sentry_dataset")
    specification = try JSON.decode(
      from: String(cString: object.pointee.describe(object)), what: "the dataset's description")
    statistics = try offered(
      SENTRY_EXTENSION_DATASET_STATISTICS, atLeast: SENTRY_DATASET_STATISTICS_SIZE_1_0,
      as: sentry_dataset_statistics.self
    ) { object.pointee.get_extension(object, $0) }
  }
  deinit { object.pointee.destroy(object) }

  public func count(in split: Split) -> Int { Int(object.pointee.count(object, split.rawValue)) }

  public func targets(at index: Int, in split: Split) throws -> [Int?] {
    var targets = [Int64](repeating: Int64(SENTRY_TARGET_MISSING), count: max(specification.tasks.count, 1))
    try acrossBorder { object.pointee.targets(object, split.rawValue, Int64(index), &targets, $0) }
    return try zip(specification.tasks, targets).map { task, target in
      if target == Int64(SENTRY_TARGET_MISSING) { return nil }
      guard task.classes.indices.contains(Int(target)) else {
        throw PluginError.badData(
          "\(name(at: index, in: split)): class \(target) of task '\(task.name)', which has \(task.classes.count) classes"
        )
      }
      return Int(target)
    }
  }

  public func sample(at index: Int, in split: Split) throws -> Tensor {
    var sample: UnsafeMutablePointer<sentry_managed_tensor>?
    try acrossBorder { object.pointee.sample(object, split.rawValue, Int64(index), &sample, $0) }
    return try handedOver(sample)
  }

  public func name(at index: Int, in split: Split) -> String {
    var buffer = [CChar](repeating: 0, count: 512)
    let length = Int(object.pointee.name(object, split.rawValue, Int64(index), &buffer, Int64(buffer.count)))
    if length >= buffer.count, length < 1 << 20 {
      buffer = [CChar](repeating: 0, count: length + 1)
      _ = object.pointee.name(object, split.rawValue, Int64(index), &buffer, Int64(buffer.count))
    }
    return String(decoding: buffer.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
  }

  public func group(at index: Int, in split: Split) -> Int? {
    let group = object.pointee.group(object, split.rawValue, Int64(index))
    return group < 0 ? nil : Int(group)
  }

  // MARK: sentry.dataset.statistics/1

  /// Whether the dataset tells how its values lie.
  public var providesStatistics: Bool { statistics != nil }

  public func statistics(of indices: [Int], in split: Split) throws -> FeatureStatistics {
    let table = try required(statistics, SENTRY_EXTENSION_DATASET_STATISTICS)
    let result: FeatureStatistics = try reported("the dataset's statistics") {
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
