import SentryNN

/// From the last state to the embedding: Linear 128→512, LayerNorm, ReLU, drop-out 0.4, Linear 512→512, LayerNorm.
final class Projection {
  static let width = 512
  let first: Linear
  let second: Linear
  let norms: [LayerNorm]
  private let dropout: Dropout
  private let context: ComputeContext
  private let hidden = FloatBuffer()
  private let hiddenGradient = FloatBuffer()
  /// [batch][512]
  let embedding = FloatBuffer()
  /// What ``backward(_:dx:batch:seed:)`` starts from, and changes.
  let embeddingGradient = FloatBuffer()

  init(
    _ name: String, inputs: Int, dropoutScale: Float, layer: UInt64, context: ComputeContext, in arena: ParameterArena
  ) {
    self.context = context
    dropout = Dropout(rate: 0.4 * dropoutScale, layer: layer)
    first = Linear("\(name).0", inputs: inputs, outputs: Self.width, context: context, in: arena)
    let inner = LayerNorm("\(name).1", features: Self.width, context: context, in: arena)
    second = Linear("\(name).4", inputs: Self.width, outputs: Self.width, context: context, in: arena)
    norms = [inner, LayerNorm("\(name).5", features: Self.width, context: context, in: arena)]
  }

  /// - Parameter x: [batch][inputs]
  func forward(_ x: UnsafePointer<Float>, batch: Int, seed: UInt64?) throws {
    for buffer in [hidden, hiddenGradient, embedding, embeddingGradient] { try buffer.reserve(batch * Self.width) }
    try first.forward(x, hidden.pointer, batch: batch)
    try norms[0].forward(hidden.pointer, hidden.pointer, batch: batch)
    try dropout.relu(hidden.pointer, batch: batch, width: Self.width, seed: seed, context)
    try second.forward(hidden.pointer, embedding.pointer, batch: batch)
    try norms[1].forward(embedding.pointer, embedding.pointer, batch: batch)
  }

  /// From ``embeddingGradient`` to `dx`.
  func backward(_ x: UnsafePointer<Float>, dx: UnsafeMutablePointer<Float>, batch: Int, seed: UInt64?) throws {
    let (slope, inner) = (embeddingGradient.pointer, hiddenGradient.pointer)
    try norms[1].backward(slope, dx: slope, batch: batch)
    try second.backward(hidden.pointer, slope, dx: inner, batch: batch)
    try dropout.reluBackward(inner, outputs: hidden.pointer, batch: batch, width: Self.width, seed: seed, context)
    try norms[0].backward(inner, dx: inner, batch: batch)
    try first.backward(x, inner, dx: dx, batch: batch)
  }
}
