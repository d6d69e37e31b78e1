import SentryNN
import SentryThreads

/// Heads for any number of tasks over one trunk: Linear to 512, LayerNorm, ReLU, drop-out 0.2; each head Linear 256, ReLU,
/// drop-out 0.3, 128, ReLU, drop-out 0.3, classes. Logits are divided by a temperature, which does not train.
///
/// Parameters and buffers keep their addresses as long as the network lives. One caller at a time.
public final class ClassifierNet {
  public struct Options: Sendable {
    /// Values of one item.
    public var features = 1024
    /// Names and classes.
    public var tasks: [(name: String, classes: Int)] = [("stress", 3), ("depression", 4), ("anxiety", 4)]
    /// A factor on all rates of drop-out.
    public var dropoutScale: Float = 1
    /// Of the initial weights; nil where they are going to be set: none are drawn, and what is left is no network.
    public var seed: UInt64? = 0

    public init() {}
  }

  public static let embeddingSize = 512
  static let hiddenSizes = [256, 128]
  public static let startingTemperature: Float = 1.5
  public let options: Options
  public let context: ComputeContext
  public let arena = ParameterArena()
  /// One value.
  public let temperature: UnsafeMutablePointer<Float>
  let trunk: Linear
  let norm: LayerNorm
  let dropout: Dropout
  let heads: TaskHeads
  let (input, embedding, embeddingGradient) = (FloatBuffer(), FloatBuffer(), FloatBuffer())
  /// The gradients before the division, one a head.
  let slopes: [FloatBuffer]
  /// The batch and the seed of the training pass that a backward pass belongs to.
  var trained: (batch: Int, seed: UInt64?)?

  /// - Throws: ``NNError`` for no features or no task, a CPU without AVX2, or where memory is short.
  public init(_ options: Options = Options(), executor: any ParallelExecutor) throws {
    guard (1...(1 << 24)).contains(options.features), !options.tasks.isEmpty,
      options.tasks.allSatisfy({ (1...65_536).contains($0.classes) })
    else {
      throw NNError(
        .invalidInput,
        "no classifier heads for \(options.features) features and tasks of \(options.tasks.map { $0.classes }) classes",
        hint: "items have from 1 to 16 million features, and at least one task is needed")
    }
    guard options.dropoutScale >= 0, options.dropoutScale <= 2 else {
      throw NNError(.invalidInput, "a dropout scale of \(options.dropoutScale)", hint: "use 0 (none) to 2")
    }
    self.options = options
    context = try ComputeContext(executor: executor, maximumChannels: Self.embeddingSize)
    temperature = try arena.buffer("temperature", count: 1, value: Self.startingTemperature)
    trunk = Linear(
      "shared_backbone.0", inputs: options.features, outputs: Self.embeddingSize, context: context, in: arena)
    norm = LayerNorm("shared_backbone.1", features: Self.embeddingSize, context: context, in: arena)
    dropout = Dropout(rate: 0.2 * options.dropoutScale, layer: 1)
    heads = TaskHeads(
      options.tasks.map { task in
        TaskHeads.Head(
          "\(task.name)_head.layers", hidden: Self.hiddenSizes, classes: task.classes,
          dropout: 0.3 * options.dropoutScale)
      }, width: Self.embeddingSize, layer: 32, context: context, in: arena)
    slopes = options.tasks.map { _ in FloatBuffer() }
    try arena.seal()
    guard let seed = options.seed else { return }
    var random = RandomStream(seed: seed)
    trunk.initialise(&random)
    norm.initialise()
    for head in heads.heads { head.initialise { $0.initialise(&random) } }
  }
}
