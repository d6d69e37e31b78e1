import SentryModels
import SentryPluginAPI

/// The options of ``PostureModel``, as the host checked and completed them.
struct PostureModelOptions: Decodable, Sendable, WeightDrawingOptions {
  var dropoutScale: Double
  var input: TensorSpecification
  var syncBatchNorm = true
  var tasks: [ClassificationTask]
  var seed: UInt64
  var loadsWeights: Bool?

  enum CodingKeys: String, CodingKey {
    case loadsWeights = "loads-weights"
    case input, tasks, seed
    case syncBatchNorm = "sync-batch-norm"
    case dropoutScale = "dropout-scale"
  }

  static let declarations: [OptionDeclaration] = [
    .number(
      "dropout-scale", 1, minimum: 0, maximum: 2,
      "A factor on all dropout rates: 0.2 in TCN and LSTM, 0.4 in projection and heads, 0.3 in trajectory's; 0: none."
    ),
    .syncBatchNorm,
    .input, .tasks, .seed, .loadsWeights,
  ]
}
