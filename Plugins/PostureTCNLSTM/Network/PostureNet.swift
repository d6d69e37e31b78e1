import SentryNN
import SentryThreads

/// Posture, stress and their trajectory from a sequence of body features: ``TCN``, two LSTM layers of 128 units whose last
/// step counts, ``Projection`` to a 512-d embedding, and a small head for each task.
///
/// Parameters and buffers keep their addresses as long as the network lives. One caller at a time.
public final class PostureNet {
  public struct Task: Sendable {
    public let name: String
    public let classes: Int

    public init(_ name: String, classes: Int) { (self.name, self.classes) = (name, classes) }

    /// `trajectory` has a narrower head than the others.
    var head: (hidden: Int, dropout: Float) { name == "trajectory" ? (64, 0.3) : (128, 0.4) }
  }

  public struct Options: Sendable {
    /// Values of one frame.
    public var features = 15
    public var tasks = [Task("posture", classes: 4), Task("stress", classes: 4), Task("trajectory", classes: 3)]
    /// A factor on all rates of drop-out.
    public var dropoutScale: Float = 1
    /// Of the initial weights; nil where they are going to be set: none are drawn, and what is left is no network.
    public var seed: UInt64? = 0

    public init() {}
  }

  public static let embeddingSize = Projection.width
  static let hiddenSize = 128
  static let recurrentLayers = 2
  public let options: Options
  public let context: ComputeContext
  public let arena = ParameterArena()
  /// Its margin is what the first block of the TCN reads past the ends.
  let input: SequenceMap
  let tcn: TCN
  let lstm: LSTM
  let projection: Projection
  let heads: TaskHeads
  /// The gradient of the LSTM's last step.
  let stateGradient = FloatBuffer()
  /// Of the training pass that a backward pass belongs to.
  var pass: Pass?
  var seed: UInt64?

  /// - Throws: ``NNError`` for no features or no task, a CPU without AVX2, or where memory is short.
  public init(_ options: Options = Options(), executor: any ParallelExecutor) throws {
    guard (1...65_536).contains(options.features), !options.tasks.isEmpty,
      options.tasks.allSatisfy({ (1...65_536).contains($0.classes) })
    else {
      throw NNError(
        .invalidInput,
        "no TCN-LSTM for \(options.features) features and tasks of \(options.tasks.map(\.classes)) classes",
        hint: "frames have from 1 to 65536 features, and at least one task is needed")
    }
    guard options.dropoutScale >= 0, options.dropoutScale <= 2 else {
      throw NNError(.invalidInput, "a dropout scale of \(options.dropoutScale)", hint: "use 0 (none) to 2")
    }
    self.options = options
    let context = try ComputeContext(executor: executor, maximumChannels: Projection.width)
    self.context = context
    input = SequenceMap(channels: options.features, margin: 1)
    tcn = try TCN("tcn", from: input, dropoutScale: options.dropoutScale, context: context, in: arena)
    lstm = LSTM(
      "lstm", from: tcn.output, inputGradient: tcn.outputGradient, hidden: Self.hiddenSize,
      layers: Self.recurrentLayers,
      dropout: 0.2 * options.dropoutScale, layer: 8, context: context, in: arena)
    projection = Projection(
      "projection", inputs: Self.hiddenSize, dropoutScale: options.dropoutScale, layer: 16, context: context, in: arena)
    heads = TaskHeads(
      options.tasks.map { task in
        TaskHeads.Head(
          "\(task.name)_classifier", hidden: [task.head.hidden], classes: task.classes,
          dropout: task.head.dropout * options.dropoutScale)
      }, width: Projection.width, layer: 32, context: context, in: arena)
    try arena.seal()
    initialise()
  }

  /// Linear layers Xavier-uniform with gain 0.1 and no bias, convolutions Kaiming-normal by fan-out, the rest as PyTorch.
  private func initialise() {
    guard let seed = options.seed else { return }
    var random = RandomStream(seed: seed)
    for block in tcn.blocks { block.initialise(&random) }
    lstm.initialise(&random)
    func xavier(_ linear: Linear) {
      linear.weight.fillXavierUniform(gain: 0.1, &random)
      linear.bias.fill(0)
    }
    for linear in [projection.first, projection.second] { xavier(linear) }
    for norm in projection.norms { norm.initialise() }
    for head in heads.heads { head.initialise(xavier) }
  }
}
