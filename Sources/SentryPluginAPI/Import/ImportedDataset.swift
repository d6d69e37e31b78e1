public import CSentryPlugin

// The reverse adapters: a C object becomes a Swift value. The host uses all of them; a trainer plugin uses ImportedModel.

/// Checks that an object of the border is at least as long as it was in 1.0.
func checkSize(_ size: UInt32, atLeast minimum: UInt32, _ what: String) throws {
  guard size >= minimum else {
    throw PluginError(
      "\(what).struct_size is \(size), expected at least \(minimum)", hint: "the plugin must set it to sizeof(\(what))")
  }
}

/// A tensor slot that the callee reported as filled.
func handedOver(_ tensor: UnsafeMutablePointer<sentry_managed_tensor>?) throws -> Tensor {
  guard let tensor else { throw PluginError("the plugin reported success but handed over no tensor") }
  return try Tensor(adopting: tensor)
}

public final class ImportedDataset: MeasuredDataset, @unchecked Sendable {
  private let object: UnsafeMutablePointer<sentry_dataset>
  public let specification: DatasetSpecification

  public init(adopting object: UnsafeMutablePointer<sentry_dataset>) throws {
    self.object = object
    try checkSize(object.pointee.struct_size, atLeast: SENTRY_DATASET_SIZE_1_0, "sentry_dataset")
    specification = try JSON.decode(
      from: String(cString: object.pointee.describe(object)), what: "the dataset's description")
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
  public var isMeasured: Bool { extensionOfStatistics != nil }

  private var extensionOfStatistics: UnsafePointer<sentry_dataset_statistics>? {
    guard let raw = object.pointee.get_extension(object, SENTRY_EXTENSION_DATASET_STATISTICS) else { return nil }
    let statistics = raw.assumingMemoryBound(to: sentry_dataset_statistics.self)
    return statistics.pointee.struct_size >= SENTRY_DATASET_STATISTICS_SIZE_1_0 ? statistics : nil
  }

  public func statistics(of indices: [Int], in split: Split) throws -> FeatureStatistics {
    guard let statistics = extensionOfStatistics else {
      throw PluginError("the dataset does not offer \(SENTRY_EXTENSION_DATASET_STATISTICS)", code: SENTRY_UNSUPPORTED)
    }
    var json: UnsafePointer<CChar>?
    try acrossBorder {
      statistics.pointee.statistics(
        object, split.rawValue, indices.map(Int64.init), Int64(indices.count), &json, $0)
    }
    guard let json else { throw PluginError("the plugin reported success but gave no statistics") }
    let result = try JSON.decode(
      FeatureStatistics.self, from: String(cString: json), what: "the dataset's statistics")
    guard result.mean.count == result.std.count, (result.mean + result.std).allSatisfy(\.isFinite) else {
      throw PluginError.badData(
        "the dataset's statistics have \(result.mean.count) means and \(result.std.count) deviations, or not all are numbers"
      )
    }
    return result
  }
}
