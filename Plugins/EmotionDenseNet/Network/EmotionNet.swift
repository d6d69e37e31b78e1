import SentryModels
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
    /// Of the initial weights; nil where they are going to be set: none are drawn, and what is left is no network.
    public var seed: UInt64? = 0
    public var frozenNorm = FrozenNorm.batchStatistics
    public var precision = Precision.f32
    /// Accept a CPU that has to emulate the precision.
    public var forcesPrecision = false
    public var memory = MemoryUse.normal
    public var schedule = Schedule.fixed

    public init() {}
  }

  public typealias Output = EmotionHead.Output

  public let options: Options
  public let context: ComputeContext
  public let arena = ParameterArena()
  let backbone: DenseNet121
  let head: EmotionHead
  /// The pass that ``backward(logitsGradient:embeddingGradient:accumulate:)`` belongs to.
  var pass: Pass?
  var seed: UInt64?
  /// Built by the first pass in evaluation mode.
  var inference: InferenceBackbone?
  /// Built by the first training pass in which the first layers are frozen, with their batch norms.
  var prefix: FrozenPrefix?

  /// - Throws: ``NNError`` for an image size below 32 or no class, a CPU without AVX2, or where memory is short.
  public init(_ options: Options = Options(), executor: any ParallelExecutor) throws {
    guard options.imageSize >= DenseNet121.minimumSize, options.imageSize <= 4096, options.classes >= 1 else {
      throw NNError(
        .invalidInput,
        "no DenseNet-121 for \(options.imageSize)×\(options.imageSize) images and \(options.classes) classes",
        hint: "use image sizes from \(DenseNet121.minimumSize) to 4096 and at least one class")
    }
    self.options = options
    context = try ComputeContext(
      executor: executor, maximumChannels: 1024, precision: options.precision,
      forcesPrecision: options.forcesPrecision, schedule: options.schedule)
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

  /// The bytes that a training step on `batch` images needs: activations, weights and gradients, packed copies, scratch
  /// and an optimiser's two states; without what the process has before it (libraries, data).
  public func estimatedTrainingBytes(batch: Int) -> Int {
    let pass = Pass(batch: batch, training: true, frozenNorm: options.frozenNorm, memory: options.memory)
    backbone.layers.markBackward()
    let layers = backbone.layers.estimate(pass, behind: frozenPrefix(pass), context).bytes
    let all = parameters.reduce(0) { $0 + $1.count }
    let trained = parameters.reduce(0) { $0 + ($1.trainable ? $1.count : 0) }
    return layers + 4 * head.estimatedFloats(batch: batch) + 4 * (2 * all + 2 * trained) + Self.libraryBytes
  }

  /// What OpenBLAS and the code that oneDNN generates take, as measured.
  private static let libraryBytes = 32 << 20

  private func initialise() {
    guard let seed = options.seed else { return }
    var random = RandomStream(seed: seed)
    for layer in backbone.layers { layer.initialise(&random) }
    head.initialise(&random)
  }
}
