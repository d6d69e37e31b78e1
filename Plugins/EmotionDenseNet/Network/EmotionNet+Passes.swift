import SentryModels
import SentryNN

extension EmotionNet {
  /// - Parameters:
  ///   - input: [batch][size][size], one channel, as NCHW and NHWC agree on; copied.
  ///   - batch: any number from 1 (training: from 2 where the last maps are 1×1).
  ///   - training: batch statistics, dropout, and a backward pass to come.
  ///   - seed: the dropouts' seed of this step; nil drops nothing. Without `training`, a sample of the predictions.
  /// - Throws: ``NNError``
  public func forward(
    input: UnsafePointer<Float>, batch: Int, training: Bool, seed: UInt64? = nil
  ) throws -> Output {
    guard batch >= 1 else {
      throw NNError(.invalidInput, "a batch of \(batch) images", hint: "give at least one image")
    }
    guard training else { return try infer(input, batch: batch, seed: seed) }
    let pass = Pass(batch: batch, training: true, frozenNorm: options.frozenNorm, memory: options.memory)
    self.pass = nil
    inference?.parametersChanged()  // its batch norms follow the running statistics
    backbone.layers.markBackward()
    let prefix = frozenPrefix(pass)
    let layers = backbone.layers.dropFirst(prefix?.layerCount ?? 0)
    try prefix?.prepare(pass)
    for layer in layers { try layer.prepare(pass) }
    try head.prepare(batch: batch)
    try backbone.layers.packWeights(context)
    if let prefix { try prefix.forward(input, pass) } else { try backbone.stem.load(input, batch: batch) }
    for layer in layers { try layer.forward(pass) }
    self.seed = seed
    let output = try head.forward(backbone.pooling.features.pointer, batch: batch, seed: self.seed)
    self.pass = pass
    return output
  }

  /// The gradients of all parameters that train, of the last training forward pass.
  ///
  /// - Parameters:
  ///   - logitsGradient: [batch][classes]
  ///   - embeddingGradient: [batch][1280], of a loss that reads the embedding itself
  ///   - accumulate: adds to the gradients that are there; else they are replaced
  ///   - ready: told during the pass that the gradients of this parameter and of all behind it are final
  /// - Throws: ``NNError`` `.invalidState` without a training forward pass before it.
  public func backward(
    logitsGradient: UnsafePointer<Float>, embeddingGradient: UnsafePointer<Float>? = nil, accumulate: Bool = false,
    ready: ((Parameter) throws -> Void)? = nil
  ) throws {
    guard let pass else {
      throw NNError(
        .invalidState, "a backward pass without a forward pass for training",
        hint: "call forward(training: true) before each backward")
    }
    self.pass = nil
    if !accumulate { try arena.clearGradients(context) }
    let pooling = backbone.pooling
    try head.backward(
      pooling.features.pointer, logitsGradient: logitsGradient, embeddingGradient: embeddingGradient,
      featureGradient: pooling.needsBackward ? pooling.featureGradient.pointer : nil, batch: pass.batch, seed: seed)
    try ready?(head.projection.weight)
    try backbone.layers.backward(pass, context, ready: ready)
  }

  /// The values of parameters were changed from outside: packed copies are stale.
  public func parametersChanged() {
    backbone.layers.weightsChanged()
    inference?.parametersChanged()
    prefix?.parametersChanged()
  }
}

extension EmotionNet: StagedNetwork {
  public var inputShape: [Int] { [1, options.imageSize, options.imageSize] }

  public func forward(_ input: UnsafePointer<Float>, extents: [Int], training: Bool, seed: UInt64?) throws
    -> [UnsafePointer<Float>]
  {
    let output = try forward(input: input, batch: extents[0], training: training, seed: seed)
    return [output.logits, output.embedding]
  }

  public func backward(
    _ gradients: [UnsafePointer<Float>?], accumulate: Bool, ready: ((Parameter) throws -> Void)?
  ) throws {
    guard let logits = gradients[0] else {
      throw NNError(
        .invalidInput, "the gradient of the logits is missing", hint: "this network needs the gradient of its logits")
    }
    try backward(logitsGradient: logits, embeddingGradient: gradients[1], accumulate: accumulate, ready: ready)
  }
}
