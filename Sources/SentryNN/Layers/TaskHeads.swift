/// A ``Perceptron`` for each of some tasks over one embedding.
public final class TaskHeads {
  public struct Head: Sendable {
    /// The prefix of its parameters' names.
    public let name: String
    public let hidden: [Int]
    public let classes: Int
    public let dropout: Float

    public init(_ name: String, hidden: [Int], classes: Int, dropout: Float) {
      (self.name, self.hidden, self.classes, self.dropout) = (name, hidden, classes, dropout)
    }
  }

  public let heads: [Perceptron]
  private let width: Int
  private let context: ComputeContext
  private let part = FloatBuffer()

  /// - Parameters:
  ///   - width: of the embedding.
  ///   - layer: of the first drop-out; the others follow.
  public init(_ heads: [Head], width: Int, layer: UInt64, context: ComputeContext, in arena: ParameterArena) {
    (self.width, self.context) = (width, context)
    self.heads = heads.enumerated().map { index, head in
      Perceptron(
        head.name, widths: [width] + head.hidden + [head.classes], dropout: head.dropout,
        layer: layer + UInt64(16 * index), context: context, in: arena)
    }
  }

  public func forward(_ embedding: UnsafePointer<Float>, batch: Int, seed: UInt64?) throws {
    for head in heads { try head.forward(embedding, batch: batch, seed: seed) }
  }

  /// Adds the gradients of the parameters and sets that of the embedding.
  /// - Parameters:
  ///   - gradients: of each head's output; nil: zero.
  ///   - extra: the gradient of a loss that reads the embedding itself.
  public func backward(
    _ embedding: UnsafePointer<Float>, gradients: [UnsafePointer<Float>?], extra: UnsafePointer<Float>?,
    into total: UnsafeMutablePointer<Float>, batch: Int, seed: UInt64?
  ) throws {
    let count = batch * width
    try part.reserve(count)
    if let extra { total.update(from: extra, count: count) } else { total.update(repeating: 0, count: count) }
    for (head, gradient) in zip(heads, gradients) {
      guard let gradient else { continue }
      try head.backward(embedding, gradient: gradient, dx: part.pointer, batch: batch, seed: seed)
      context.kernels.add(count, part.pointer, total)
    }
  }
}
