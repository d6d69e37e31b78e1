public import SentryNN
public import SentryPluginAPI

/// The head of emotion networks, whatever their backbone: from its features to a 1280-d embedding (Linear, ReLU, dropout 0.4) and to
/// the logits (Linear to 512, ReLU, dropout 0.5, Linear).
public final class EmotionHead {
  /// Where a forward pass left its results, until the next one.
  public struct Output {
    /// [batch][classes]
    public let logits: UnsafePointer<Float>
    /// [batch][1280]
    public let embedding: UnsafePointer<Float>
  }

  public static let embeddingSize = 1280
  private static let hiddenSize = 512
  public let projection: Linear
  let hidden: Linear
  let output: Linear
  let classes: Int
  private let features: Int
  private let context: ComputeContext
  private let embeddingDropout = ReLUDropout(rate: 0.4, layer: 1)
  private let hiddenDropout = ReLUDropout(rate: 0.5, layer: 2)
  /// [batch][1280], [batch][512], [batch][classes]
  public let (embedding, activation, logits) = (FloatBuffer(), FloatBuffer(), FloatBuffer())
  private let (embeddingGradient, activationGradient) = (FloatBuffer(), FloatBuffer())

  public init(features: Int, classes: Int, context: ComputeContext, in arena: ParameterArena) {
    (self.features, self.classes) = (features, classes)
    self.context = context
    projection = Linear("projection.0", inputs: features, outputs: Self.embeddingSize, context: context, in: arena)
    hidden = Linear(
      "classifier.0", inputs: Self.embeddingSize, outputs: Self.hiddenSize, context: context, in: arena)
    output = Linear("classifier.3", inputs: Self.hiddenSize, outputs: classes, context: context, in: arena)
  }

  public func initialise(_ random: inout RandomStream) {
    for linear in [projection, hidden, output] { linear.initialise(&random) }
  }

  public func prepare(batch: Int) throws {
    for buffer in [embedding, embeddingGradient] { try buffer.reserve(batch * Self.embeddingSize) }
    for buffer in [activation, activationGradient] { try buffer.reserve(batch * Self.hiddenSize) }
    try logits.reserve(batch * classes)
  }

  /// The floats that a pass takes, gradients included.
  public func estimatedFloats(batch: Int) -> Int { 2 * batch * (Self.embeddingSize + Self.hiddenSize + classes) }

  /// - Parameter seed: of the dropouts; nil drops nothing.
  public func forward(_ features: UnsafePointer<Float>, batch: Int, seed: UInt64?) throws -> Output {
    try projection.forward(features, embedding.pointer, batch: batch)
    let first = context.ranks?.share.first ?? 0
    embeddingDropout.forward(
      embedding.pointer, count: batch * Self.embeddingSize, seed: seed, first: first * Self.embeddingSize)
    try hidden.forward(embedding.pointer, activation.pointer, batch: batch)
    hiddenDropout.forward(
      activation.pointer, count: batch * Self.hiddenSize, seed: seed, first: first * Self.hiddenSize)
    try output.forward(activation.pointer, logits.pointer, batch: batch)
    return Output(logits: UnsafePointer(logits.pointer), embedding: UnsafePointer(embedding.pointer))
  }

  /// - Parameters:
  ///   - embeddingGradient: of a loss that reads the embedding itself, added to what comes from the logits.
  ///   - featureGradient: gets the gradient of the features; nil where nothing before the head trains.
  public func backward(
    _ features: UnsafePointer<Float>, logitsGradient: UnsafePointer<Float>,
    embeddingGradient extra: UnsafePointer<Float>?,
    featureGradient: UnsafeMutablePointer<Float>?, batch: Int, seed: UInt64?
  ) throws {
    let (dActivation, dEmbedding) = (activationGradient.pointer, embeddingGradient.pointer)
    let reachesProjection = featureGradient != nil || projection.isTrainable
    let reachesHidden = reachesProjection || hidden.isTrainable
    try output.backward(activation.pointer, logitsGradient, dx: reachesHidden ? dActivation : nil, batch: batch)
    guard reachesHidden else { return }
    hiddenDropout.backward(dActivation, outputs: activation.pointer, count: batch * Self.hiddenSize, seed: seed)
    try hidden.backward(embedding.pointer, dActivation, dx: reachesProjection ? dEmbedding : nil, batch: batch)
    guard reachesProjection else { return }
    let count = batch * Self.embeddingSize
    if let extra { for index in 0..<count { dEmbedding[index] += extra[index] } }
    embeddingDropout.backward(dEmbedding, outputs: embedding.pointer, count: count, seed: seed)
    try projection.backward(features, dEmbedding, dx: featureGradient, batch: batch)
  }
}

extension ModelGraph {
  /// What ``EmotionHead`` computes in evaluation.
  ///
  /// - Parameters:
  ///   - features: the name of the backbone's result, [N, features].
  ///   - task: the name of the logits.
  public mutating func emotionHead(_ features: String, task: String) {
    let embedding = relu(linear(features, "projection.0"), as: "embedding")
    let hidden = relu(linear(embedding, "classifier.0"))
    _ = linear(hidden, "classifier.3", as: task)
  }
}
