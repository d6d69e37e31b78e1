import SentryModels
import SentryNN

extension EmotionNet {
  /// A forward pass in evaluation mode: batch norms by their running statistics and folded, nothing kept; dropout in the head
  /// alone, where a seed asks for a sample.
  func infer(_ input: UnsafePointer<Float>, batch: Int, seed: UInt64?) throws -> Output {
    pass = nil
    let pooling = backbone.pooling
    let inference = inference ?? makeInference()
    self.inference = inference
    try pooling.features.reserve(batch * pooling.channels)
    try head.prepare(batch: batch)
    try inference.forward(input, batch: batch, into: pooling.features.pointer)
    return try head.forward(pooling.features.pointer, batch: batch, seed: seed)
  }

  private func makeInference() -> InferenceBackbone {
    InferenceBackbone(
      backbone.layers, inputCount: inputCount, outputCount: backbone.pooling.channels, context: context)
  }

  private var inputCount: Int { options.imageSize * options.imageSize }

  /// The layers that a training pass may run as in inference; nil where there are none. After `markBackward`.
  func frozenPrefix(_ pass: Pass) -> FrozenPrefix? {
    let frozen = backbone.layers.prefix { !$0.needsBackward }.count
    guard pass.training, pass.frozenNorm == .runningStatistics, frozen > 0 else { return nil }
    if prefix?.layerCount != frozen {
      prefix = FrozenPrefix(of: backbone.layers, inputCount: inputCount, context: context)
    }
    return prefix
  }

  /// oneDNN's names of the implementations of all convolutions, in training and in evaluation.
  public var implementations: Set<String> {
    context.implementations.union(inference?.implementations ?? []).union(prefix?.implementations ?? [])
  }
}
