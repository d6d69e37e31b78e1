import SentryModels
import SentryNN
import SentryPluginAPI

/// A hidden layer with ReLU and drop-out, and a head for each task, over the values of the input.
final class TemplateNameNet {
  /// The host has checked them against the declarations in Plugin.swift and filled in the defaults. It sets `tasks`, `input` and `seed`
  /// itself: the tasks of the dataset, what the augmenter makes of a sample, the seed of the run.
  struct Options: Decodable {
    var hidden: Int
    var dropout: Double
    var tasks: [ClassificationTask]
    var input: TensorSpecification
    var seed: UInt64
  }
  let options: Options
  let context: ComputeContext
  /// Parameters, gradients and buffers, in the order in which the layers declare them: that of the checkpoint.
  let arena = ParameterArena()
  private let trunk: Linear
  private let activation: Dropout
  private let heads: TaskHeads
  private let (inputs, hidden, hiddenGradient) = (FloatBuffer(), FloatBuffer(), FloatBuffer())
  /// Of the training pass that a backward pass belongs to.
  private var trained: (batch: Int, seed: UInt64?)?

  private var width: Int { options.input.shape.reduce(1, *) }

  init(_ options: Options, host: Host) throws {
    self.options = options
    context = try ComputeContext(executor: host, maximumChannels: options.hidden)
    let width = options.input.shape.reduce(1, *)
    trunk = Linear("trunk", inputs: width, outputs: options.hidden, context: context, in: arena)
    activation = Dropout(rate: Float(options.dropout), layer: 1)
    heads = TaskHeads(
      options.tasks.map { TaskHeads.Head("heads.\($0.name)", hidden: [], classes: $0.classes.count, dropout: 0) },
      width: options.hidden, layer: 2, context: context, in: arena)
    try arena.seal()
    var random = RandomStream(seed: options.seed)
    trunk.initialise(&random)
    for head in heads.heads { head.initialise { $0.initialise(&random) } }
  }
}

/// `NetworkModel` makes of it the model of the border: it checks inputs, copies outputs, shows the parameters.
extension TemplateNameNet: Network {
  var inputShape: [Int] { options.input.shape }

  func forward(_ input: UnsafePointer<Float>, extents: [Int], training: Bool, seed: UInt64?) throws
    -> [UnsafePointer<Float>]
  {
    let batch = extents[0]
    try inputs.reserve(batch * width)
    for buffer in [hidden, hiddenGradient] { try buffer.reserve(batch * options.hidden) }
    // The backward pass needs it, and the caller's memory is the caller's.
    inputs.pointer.update(from: input, count: batch * width)
    try trunk.forward(inputs.pointer, hidden.pointer, batch: batch)
    try activation.relu(hidden.pointer, batch: batch, width: options.hidden, seed: seed, context)
    try heads.forward(hidden.pointer, batch: batch, seed: seed)
    trained = training ? (batch, seed) : nil
    return heads.heads.map { UnsafePointer($0.output.pointer) } + [UnsafePointer(hidden.pointer)]
  }

  /// The gradients of the outputs come in the order of the outputs: a head for each task, then the embedding.
  func backward(_ gradients: [UnsafePointer<Float>?], accumulate: Bool) throws {
    guard let (batch, seed) = trained else {
      throw NNError(
        .invalidState, "a backward pass without a forward pass for training", hint: "call forward(training: true) first"
      )
    }
    if !accumulate { arena.clearGradients() }
    try heads.backward(
      hidden.pointer, gradients: Array(gradients.dropLast()), extra: gradients[gradients.count - 1],
      into: hiddenGradient.pointer, batch: batch, seed: seed)
    try activation.reluBackward(
      hiddenGradient.pointer, outputs: hidden.pointer, batch: batch, width: options.hidden, seed: seed, context)
    try trunk.backward(inputs.pointer, hiddenGradient.pointer, dx: nil, batch: batch)
  }
}

extension NetworkModel<TemplateNameNet> {
  convenience init(options: TemplateNameNet.Options, host: Host) throws {
    let input = options.input
    guard input.dtype == .float32, !input.shape.isEmpty, input.shape.allSatisfy({ $0 > 0 }) else {
      throw PluginError.invalid("this model takes float32 samples of one shape, not \(input)")
    }
    try self.init(
      { try TemplateNameNet(options, host: host) },
      specification: ModelSpecification(
        architecture: "template-name", input: input, heads: options.tasks, embedding: options.hidden,
        stochastic: options.dropout > 0),
      host: host)
  }
}
