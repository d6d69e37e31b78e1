/// Linear layers with ReLU and drop-out between them, named as in PyTorch's Sequential: 0, 3, 6, …
public final class Perceptron {
  private let linears: [Linear]
  private let dropouts: [Dropout]
  private let widths: [Int]
  private let context: ComputeContext
  private let activations: [FloatBuffer]
  private let gradients: [FloatBuffer]
  /// [batch][outputs]
  public let output = FloatBuffer()

  /// - Parameters:
  ///   - widths: of the input, the hidden layers and the output.
  ///   - layer: of the first drop-out; the next ones count on.
  public init(
    _ name: String, widths: [Int], dropout rate: Float, layer: UInt64, context: ComputeContext, in arena: ParameterArena
  ) {
    precondition(widths.count >= 2, "\(name) needs an input and an output")
    (self.widths, self.context) = (widths, context)
    linears = (0..<widths.count - 1).map {
      Linear("\(name).\(3 * $0)", inputs: widths[$0], outputs: widths[$0 + 1], context: context, in: arena)
    }
    dropouts = (0..<widths.count - 2).map { Dropout(rate: rate, layer: layer + UInt64($0)) }
    (activations, gradients) = (dropouts.map { _ in FloatBuffer() }, dropouts.map { _ in FloatBuffer() })
  }

  public func initialise(_ body: (Linear) -> Void) { for linear in linears { body(linear) } }

  /// - Parameters:
  ///   - x: [batch][inputs]
  ///   - seed: of the drop-out; nil drops nothing.
  public func forward(_ x: UnsafePointer<Float>, batch: Int, seed: UInt64?) throws {
    try output.reserve(batch * widths[widths.count - 1])
    var x = x
    for (index, linear) in linears.enumerated() {
      guard index < dropouts.count else {
        try linear.forward(x, output.pointer, batch: batch)
        break
      }
      let width = widths[index + 1]
      try activations[index].reserve(batch * width)
      let values = activations[index].pointer
      try linear.forward(x, values, batch: batch)
      try dropouts[index].relu(values, batch: batch, width: width, seed: seed, context)
      x = UnsafePointer(values)
    }
  }

  /// Adds the gradients of the parameters; sets `dx` where one is asked for.
  public func backward(
    _ x: UnsafePointer<Float>, gradient: UnsafePointer<Float>, dx: UnsafeMutablePointer<Float>?, batch: Int,
    seed: UInt64?
  ) throws {
    var gradient = gradient
    for (index, linear) in linears.enumerated().reversed() {
      guard index > 0 else {
        try linear.backward(x, gradient, dx: dx, batch: batch)
        break
      }
      let width = widths[index]
      try gradients[index - 1].reserve(batch * width)
      let (values, below) = (activations[index - 1].pointer, gradients[index - 1].pointer)
      try linear.backward(values, gradient, dx: below, batch: batch)
      try dropouts[index - 1].reluBackward(
        below, outputs: values, batch: batch, width: width, seed: seed, context)
      gradient = UnsafePointer(below)
    }
  }
}
