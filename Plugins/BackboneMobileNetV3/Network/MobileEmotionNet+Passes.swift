import SentryModels
import SentryNN

extension MobileEmotionNet: StagedNetwork {
  var inputShape: [Int] { [1, imageSize, imageSize] }

  func forward(_ input: UnsafePointer<Float>, extents: [Int], training: Bool, seed: UInt64?) throws
    -> [UnsafePointer<Float>]
  {
    let batch = extents[0]
    let pass = Pass(batch: batch, training: training)
    self.pass = nil
    try head.prepare(batch: batch)
    if training && trainsBackbone {
      try backbone.forward(input, pass)
    } else {
      try backbone.infer(input, batch: batch)
    }
    let output = try head.forward(backbone.pooling.features.pointer, batch: batch, seed: seed)
    self.seed = seed
    if training { self.pass = pass }
    return [output.logits, output.embedding]
  }

  func backward(_ gradients: [UnsafePointer<Float>?], accumulate: Bool, ready: ((Parameter) throws -> Void)?) throws {
    guard let pass else {
      throw NNError(
        .invalidState, "a backward pass without a forward pass for training",
        hint: "call forward(training: true) before each backward")
    }
    guard let logits = gradients[0] else {
      throw NNError(
        .invalidInput, "the gradient of the logits is missing", hint: "this network needs the gradient of its logits")
    }
    self.pass = nil
    if !accumulate { try arena.clearGradients(context) }
    let (pooling, trainsBackbone) = (backbone.pooling, trainsBackbone)
    try head.backward(
      pooling.features.pointer, logitsGradient: logits, embeddingGradient: gradients[1],
      featureGradient: trainsBackbone ? pooling.featureGradient.pointer : nil, batch: pass.batch, seed: seed)
    try ready?(head.projection.weight)
    if trainsBackbone { try backbone.backward(pass, ready: ready) }
  }

  func parametersChanged() { backbone.parametersChanged() }
}

extension MobileEmotionNet: MemoryEstimatingNetwork {
  func estimatedBytes(batch: Int, training: Bool) -> Int {
    var memory = MemoryEstimate(context)
    backbone.estimate(Pass(batch: batch, training: training && trainsBackbone), &memory)
    return memory.bytes + 4 * head.estimatedFloats(batch: batch) + Self.fixedBytes
  }

  /// What does not grow with the batch: packed weights, the code that oneDNN generates, OpenBLAS, what huge pages round up.
  private static let fixedBytes = 64 << 20
}

extension MobileEmotionNet: ProfiledNetwork {
  static let operationTitles = [
    "stem": "stem", "head": "head, squeeze and excitation",
    "forward1x1": "forward, convolution 1x1", "forward3x3": "forward, depthwise convolution",
    "forwardElementwise": "forward, batch norm and activation",
    "backward1x1Data": "backward, convolution 1x1, data", "backward1x1Weights": "backward, convolution 1x1, weights",
    "backward3x3Data": "backward, depthwise convolution, data",
    "backward3x3Weights": "backward, depthwise convolution, weights",
    "backwardElementwise": "backward, batch norm and activation",
  ]
}
