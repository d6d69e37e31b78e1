import SentryModels
import SentryPluginAPI

/// The options of ``MobileNetModel``, as the host checked and completed them.
struct MobileNetModelOptions: Decodable, Sendable, WeightDrawingOptions {
  /// What stays as it is while the rest trains.
  enum Freeze: String, Decodable, Sendable, CaseIterable { case none, backbone }

  var inputSize: Int
  var freeze = Freeze.none
  var normMomentum = 0.1
  var pretrained: String?
  var pretrainedStem = StemConversion.sum
  var syncBatchNorm = true
  var tasks: [ClassificationTask]
  var seed: UInt64
  var loadsWeights: Bool?

  enum CodingKeys: String, CodingKey {
    case loadsWeights = "loads-weights"
    case freeze, pretrained, tasks, seed
    case inputSize = "input-size"
    case normMomentum = "norm-momentum"
    case syncBatchNorm = "sync-batch-norm"
    case pretrainedStem = "pretrained-stem"
  }

  static let declarations: [OptionDeclaration] = [
    .imageSize,
    .choice(
      "freeze", Freeze.none.rawValue, of: Freeze.allCases.map(\.rawValue),
      "The frozen layers: none, or the whole backbone, whose batch norms then keep their running statistics."),
    .number(
      "norm-momentum", 0.1, minimum: 0, maximum: 1,
      "The share of a batch in the running statistics of batch norms; torchvision trained with 0.01, for many more steps."
    ),
    .syncBatchNorm,
    .path(
      "pretrained",
      "Weights to start from: torchvision's mobilenet_v3_small (in any file format), or a checkpoint of Sentry."),
    .pretrainedStem, .tasks, .seed, .loadsWeights,
  ]
}
