import SentryPluginAPI

/// (x − mean) / deviation, feature by feature.
struct Normalisation: Sendable {
  let mean, scale: [Float]
  /// For those who use the model later; null where nothing is done.
  let description: JSONValue

  /// Deviations below this are rounding or nothing at all: such a feature is only centred.
  private static let smallest = 1e-6

  init(_ statistics: FeatureStatistics?, features: Int) throws {
    guard let statistics else {
      (mean, scale) = ([Float](repeating: 0, count: features), [Float](repeating: 1, count: features))
      description = .null
      return
    }
    guard statistics.mean.count == features, statistics.std.count == features else {
      throw PluginError.invalid(
        "mean and deviation of \(statistics.mean.count) features for sequences of \(features)")
    }
    let std = statistics.std.map { $0 < Self.smallest ? 1 : $0 }
    (mean, scale) = (statistics.mean.map { Float($0) }, std.map { Float(1 / $0) })
    var about: [String: JSONValue] = [
      "mean": .array(statistics.mean.map(JSONValue.number)), "std": .array(std.map(JSONValue.number)),
    ]
    about["source"] = statistics.source.map(JSONValue.string)
    description = .object(about)
  }

  func apply(to values: inout [Float]) {
    let features = mean.count
    for index in values.indices {
      let feature = index % features
      values[index] = (values[index] - mean[feature]) * scale[feature]
    }
  }
}
