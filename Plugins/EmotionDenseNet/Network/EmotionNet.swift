import SentryNN
import SentryThreads

/// Six emotions from a grey face: ``DenseNet121`` and ``EmotionHead``.
///
/// Parameters and buffers keep their addresses as long as the network lives. One caller at a time.
public final class EmotionNet {
  public struct Options: Sendable {
    /// Height and width of the images, from 32; 224 as published.
    public var imageSize = 224
    public var classes = 6
    /// Of the initial weights.
    public var seed: UInt64 = 0
    public var frozenNorm = FrozenNorm.batchStatistics
    /// Of passes in evaluation mode.
    public var inferencePrecision = InferencePrecision.f32
    /// Accept a CPU that has to emulate it.
    public var forcesInferencePrecision = false

    public init() {}
  }

  /// Where a forward pass left its results, until the next one.
  public struct Output {
    /// [batch][classes]
    public let logits: UnsafePointer<Float>
    /// [batch][1280]
    public let embedding: UnsafePointer<Float>
  }

  public let options: Options
  public let context: ComputeContext
  let arena = ParameterArena()
  let backbone: DenseNet121
  let head: EmotionHead
  /// The pass that ``backward(logitsGradient:embeddingGradient:accumulate:)`` belongs to.
  var pass: Pass?
  var seed: UInt64?
  /// Built by the first pass in evaluation mode.
  var inference: InferenceBackbone?

  /// - Throws: ``NNError`` for an image size below 32 or no class, a CPU without AVX2, or where memory is short.
  public init(_ options: Options = Options(), executor: any ParallelExecutor) throws {
    guard options.imageSize >= DenseNet121.minimumSize, options.imageSize <= 4096, options.classes >= 1 else {
      throw NNError(
        .invalidInput,
        "no DenseNet-121 for \(options.imageSize)×\(options.imageSize) images and \(options.classes) classes",
        hint: "use image sizes from \(DenseNet121.minimumSize) to 4096 and at least one class")
    }
    self.options = options
    context = try ComputeContext(executor: executor, maximumChannels: 1024)
    backbone = try DenseNet121("backbone", imageSize: options.imageSize, context: context, in: arena)
    head = EmotionHead(
      features: backbone.pooling.channels, classes: options.classes, context: context, in: arena)
    try arena.seal()
    initialise()
  }

  /// In PyTorch's order, with its state-dict names.
  public var parameters: [Parameter] { arena.parameters }

  /// Running statistics and their counters, likewise.
  public var buffers: [Buffer] { arena.buffers }

  /// The names of parameters and buffers as PyTorch's state dict orders them.
  public var stateNames: [String] { arena.stateNames }

  private func initialise() {
    var random = RandomStream(seed: options.seed)
    for layer in backbone.layers { layer.initialise(&random) }
    head.initialise(&random)
  }
}
