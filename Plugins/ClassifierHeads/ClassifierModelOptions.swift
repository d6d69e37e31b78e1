import SentryModels
import SentryPluginAPI

/// The options of ``ClassifierModel``, as the host checked and completed them.
struct ClassifierModelOptions: Decodable, Sendable, WeightDrawingOptions {
  var dropoutScale: Double
  var input: TensorSpecification
  var tasks: [ClassificationTask]
  var seed: UInt64
  var loadsWeights: Bool?

  enum CodingKeys: String, CodingKey {
    case loadsWeights = "loads-weights"
    case input, tasks, seed
    case dropoutScale = "dropout-scale"
  }

  static let declarations: [OptionDeclaration] = [
    .number(
      "dropout-scale", 1, minimum: 0, maximum: 2,
      "A factor on all dropout rates: 0.2 in the shared trunk, 0.3 in the heads; 0: none."),
    .input, .tasks, .seed, .loadsWeights,
  ]
}
