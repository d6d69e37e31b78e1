import SentryModels
import SentryPluginAPI

/// The options of ``EmotionModel``, as the host checked and completed them.
struct EmotionModelOptions: Decodable, Sendable, WeightDrawingOptions {
  /// What stays as it is while the rest trains: everything from the input up to and including the part named.
  enum Freeze: String, Decodable, Sendable, CaseIterable { case auto, none, block1, block2, block3, backbone }
  enum FrozenNorm: String, Decodable, Sendable, CaseIterable { case batch, running }
  enum Precision: String, Decodable, Sendable, CaseIterable { case f32, bf16 }
  enum WorkDistribution: String, Decodable, Sendable, CaseIterable { case `static`, dynamic }

  var inputSize: Int
  var freeze: Freeze
  var frozenNorm: FrozenNorm
  var precision = Precision.f32
  var forceBF16 = false
  var recompute = false
  var workDistribution = WorkDistribution.static
  var pretrained: String?
  var pretrainedStem = StemConversion.sum
  var syncBatchNorm = true
  var tasks: [ClassificationTask]
  var seed: UInt64
  var loadsWeights: Bool?

  enum CodingKeys: String, CodingKey {
    case loadsWeights = "loads-weights"
    case freeze, precision, recompute, pretrained, tasks, seed
    case inputSize = "input-size"
    case frozenNorm = "frozen-bn-statistics"
    case workDistribution = "work-distribution"
    case syncBatchNorm = "sync-batch-norm"
    case forceBF16 = "force-bf16"
    case pretrainedStem = "pretrained-stem"
  }

  static let declarations: [OptionDeclaration] = [
    .imageSize,
    .choice(
      "freeze", "auto", of: Freeze.allCases.map(\.rawValue),
      "The frozen layers, from the input up to and including a dense block with its transition, or the whole backbone; "
        + "auto: block3 with pretrained weights, none without."),
    .choice(
      "frozen-bn-statistics", "batch", of: FrozenNorm.allCases.map(\.rawValue),
      "The statistics that frozen batch norms use in training: those of the batch, or the running statistics."
    ).formerly("frozen-bn", values: ["eval": "running"]).usedUnless("freeze", is: "none"),
    .choice(
      "precision", "f32", of: Precision.allCases.map(\.rawValue),
      "The format of activations and convolutions; weights, gradients, statistics and checkpoints are f32."
    ),
    .flag(
      "force-bf16", false,
      "Accept a CPU that must emulate bf16 (AVX-512 without AVX512_BF16), which is slower than f32."
    ).usedWhen("precision", is: "bf16"),
    .flag(
      "recompute", false,
      "Compute the outputs of 1×1 convolutions again in the backward pass: less memory, same results."
    ).formerly("memory", values: ["normal": false, "low": true]),
    .choice(
      "work-distribution", "static", of: WorkDistribution.allCases.map(\.rawValue),
      "How work is distributed among threads: static gives the same bytes in every run; dynamic is faster under other load."
    ).formerly("schedule"),
    .syncBatchNorm,
    .path(
      "pretrained",
      "Weights to start from: torchvision's DenseNet121 (in either spelling and file format), or a checkpoint of Sentry."
    ),
    .pretrainedStem, .tasks, .seed, .loadsWeights,
  ]

  /// Where training starts, after `auto` was decided.
  var effectiveFreeze: Freeze { freeze == .auto ? (pretrained == nil ? .none : .block3) : freeze }
}

extension EmotionModelOptions.Freeze {
  /// The beginnings of the names of what is frozen.
  var frozenPrefixes: [String] {
    func blocks(_ count: Int) -> [String] {
      ["backbone.features.conv0.", "backbone.features.norm0."]
        + (1...count).flatMap { ["backbone.features.denseblock\($0).", "backbone.features.transition\($0)."] }
    }
    return switch self {
    case .auto, .none: []
    case .block1: blocks(1)
    case .block2: blocks(2)
    case .block3: blocks(3)
    case .backbone: ["backbone."]
    }
  }
}
