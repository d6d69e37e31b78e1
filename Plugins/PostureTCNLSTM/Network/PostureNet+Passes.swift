import SentryModels
import SentryNN

extension PostureNet {
  /// Where a forward pass left its results, until the next one.
  public struct Output {
    /// Of each task, [batch][classes].
    public let logits: [UnsafePointer<Float>]
    /// [batch][512]
    public let embedding: UnsafePointer<Float>
  }

  /// - Parameters:
  ///   - input: [batch][steps][features]; copied.
  ///   - training: batch statistics, and a backward pass to come.
  ///   - seed: of the drop-out; nil drops nothing. Without `training`, a sample of the predictions (Gal and Ghahramani 2016).
  /// - Throws: ``NNError``
  public func forward(
    input values: UnsafePointer<Float>, batch: Int, steps: Int, training: Bool, seed: UInt64? = nil
  ) throws -> Output {
    guard batch >= 1, steps >= 1 else {
      throw NNError(.invalidInput, "\(batch) sequences of \(steps) steps", hint: "give at least one of each")
    }
    let pass = Pass(batch: batch, training: training)
    self.pass = nil
    try input.reserve(steps: steps, batch: batch)
    input.fill(batchMajor: values)
    try tcn.forward(pass, seed: seed)
    try lstm.forward(seed: seed)
    try projection.forward(lstm.last, batch: batch, seed: seed)
    try heads.forward(projection.embedding.pointer, batch: batch, seed: seed)
    if training { (self.pass, self.seed) = (pass, seed) }
    return Output(
      logits: heads.heads.map { UnsafePointer($0.output.pointer) },
      embedding: UnsafePointer(projection.embedding.pointer))
  }

  /// The gradients of all parameters, of the last training forward pass.
  ///
  /// - Parameters:
  ///   - logitsGradients: of each task, [batch][classes]; nil: zero.
  ///   - embeddingGradient: [batch][512], of a loss that reads the embedding itself.
  ///   - accumulate: adds to the gradients that are there; else they are replaced.
  /// - Throws: ``NNError`` `.invalidState` without a training forward pass before it.
  public func backward(
    logitsGradients: [UnsafePointer<Float>?], embeddingGradient: UnsafePointer<Float>? = nil, accumulate: Bool = false
  ) throws {
    guard let pass else {
      throw NNError(
        .invalidState, "a backward pass without a forward pass for training",
        hint: "call forward(training: true) before each backward")
    }
    self.pass = nil
    if !accumulate { arena.clearGradients() }
    let batch = pass.batch
    try heads.backward(
      projection.embedding.pointer, gradients: logitsGradients, extra: embeddingGradient,
      into: projection.embeddingGradient.pointer, batch: batch, seed: seed)
    try stateGradient.reserve(batch * Self.hiddenSize)
    try projection.backward(lstm.last, dx: stateGradient.pointer, batch: batch, seed: seed)
    try lstm.backward(.last(UnsafePointer(stateGradient.pointer)), seed: seed)
    try tcn.backward(seed: seed)
  }

  /// The values of parameters were changed from outside: packed copies are stale.
  public func parametersChanged() {
    for block in tcn.blocks { block.parametersChanged() }
    lstm.parametersChanged()
  }
}

extension PostureNet: Network {
  public var inputShape: [Int] { [-1, options.features] }

  public func forward(_ input: UnsafePointer<Float>, extents: [Int], training: Bool, seed: UInt64?) throws
    -> [UnsafePointer<Float>]
  {
    let output = try forward(input: input, batch: extents[0], steps: extents[1], training: training, seed: seed)
    return output.logits + [output.embedding]
  }

  public func backward(_ gradients: [UnsafePointer<Float>?], accumulate: Bool) throws {
    try backward(
      logitsGradients: Array(gradients.dropLast()), embeddingGradient: gradients[gradients.count - 1],
      accumulate: accumulate)
  }
}
