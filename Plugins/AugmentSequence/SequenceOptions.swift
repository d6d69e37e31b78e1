import SentryPluginAPI

struct SequenceOptions: Decodable, Sendable {
  var input: TensorSpecification
  /// nil where the dataset cannot tell.
  var statistics: FeatureStatistics?
  var landmarkSize: Int
  var noise: Double

  enum CodingKeys: String, CodingKey {
    case input, statistics, noise
    case landmarkSize = "landmark-size"
  }

  static let declarations: [OptionDeclaration] = [
    .integer(
      "landmark-size", 0, minimum: 0, maximum: 65536,
      "Features per landmark, which are dropped together; 0: 3 for 75 and 99 features, otherwise 1."),
    .number(
      "noise", 0.02, minimum: 0, maximum: 10, "Standard deviation of the noise, in standard deviations of a feature."),
    .input, .statistics,
  ]
}
