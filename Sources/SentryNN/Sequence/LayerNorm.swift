/// Layer norm (Ba, Kiros and Hinton 2016) of [batch][features].
public final class LayerNorm {
  static let epsilon: Float = 1e-5
  public let weight: Parameter
  public let bias: Parameter
  private let features: Int
  private let context: ComputeContext
  private let (normalised, rstd) = (FloatBuffer(), FloatBuffer())

  /// - Parameter features: a multiple of 16, at most the context's maximum of channels.
  public init(_ name: String, features: Int, context: ComputeContext, in arena: ParameterArena) {
    precondition(features % 16 == 0 && features <= context.sums.channels, "a layer norm of \(features) features")
    (self.features, self.context) = (features, context)
    weight = arena.parameter("\(name).weight", [features])
    bias = arena.parameter("\(name).bias", [features])
  }

  public func initialise() {
    weight.fill(1)
    bias.fill(0)
  }

  /// `x` [batch][features] to `y`, which may be `x`.
  public func forward(_ x: UnsafePointer<Float>, _ y: UnsafeMutablePointer<Float>, batch: Int) throws {
    try normalised.reserve(batch * features)
    try rstd.reserve(batch)
    try context.split(batch) { rows, _ in
      let start = rows.lowerBound * features
      context.kernels.layer_norm(
        rows.count, features, Self.epsilon, x + start, weight.value, bias.value, normalised.pointer + start,
        rstd.pointer + rows.lowerBound, y + start)
    }
  }

  /// Adds the gradients of weight and bias; sets `dx`, which may be `dy`.
  public func backward(_ dy: UnsafePointer<Float>, dx: UnsafeMutablePointer<Float>, batch: Int) throws {
    let sums = context.sums
    sums.clear()
    try context.split(batch) { range, workspace in
      let start = range.lowerBound * features
      context.kernels.layer_norm_gradient(
        range.count, features, dy + start, weight.value, normalised.pointer + start, rstd.pointer + range.lowerBound,
        sums.first(workspace.thread), sums.second(workspace.thread), dx + start)
    }
    for feature in 0..<features {
      let (sum, product) = sums.total(feature)
      if bias.trainable { bias.gradient[feature] += Float(sum) }
      if weight.trainable { weight.gradient[feature] += Float(product) }
    }
  }
}
