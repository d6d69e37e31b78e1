/// y = x·Wᵀ + b, the outputs split over the threads.
public final class Linear {
  public let weight: Parameter
  public let bias: Parameter
  let inputs: Int
  let outputs: Int
  private let context: ComputeContext

  /// - Parameter kernelAxes: of a 1×1 convolution over single pixels, which is the same: its weights are [outputs, inputs, 1, 1].
  public init(
    _ name: String, inputs: Int, outputs: Int, kernelAxes: Int = 0, context: ComputeContext, in arena: ParameterArena
  ) {
    (self.inputs, self.outputs, self.context) = (inputs, outputs, context)
    weight = arena.parameter("\(name).weight", [outputs, inputs] + [Int](repeating: 1, count: kernelAxes))
    bias = arena.parameter("\(name).bias", [outputs])
  }

  private var library: LinearLibrary { context.linearLibrary }

  public var isTrainable: Bool { weight.trainable || bias.trainable }

  public func initialise(_ random: inout RandomStream) {
    weight.fillUniform(fanIn: inputs, &random)
    bias.fillUniform(fanIn: inputs, &random)
  }

  /// `x` [batch][inputs] to `y` [batch][outputs].
  public func forward(_ x: UnsafePointer<Float>, _ y: UnsafeMutablePointer<Float>, batch: Int) throws {
    try split(outputs) { range, workspace in
      try workspace.timed(.head) {
        for row in 0..<batch {
          for output in range { y[row * outputs + output] = bias.value[output] }
        }
        try library.multiply(
          Matrix(x, stride: inputs), Matrix(weight.value + range.lowerBound * inputs, stride: inputs).transpose,
          rows: batch, columns: range.count, depth: inputs, into: y + range.lowerBound, stride: outputs, adding: true)
      }
    }
  }

  /// Adds the gradients of what trains; sets `dx` where one is asked for.
  public func backward(
    _ x: UnsafePointer<Float>, _ dy: UnsafePointer<Float>, dx: UnsafeMutablePointer<Float>?, batch: Int
  ) throws {
    try split(outputs) { range, workspace in
      try workspace.timed(.head) {
        if weight.trainable {
          try library.multiply(
            Matrix(dy + range.lowerBound, stride: outputs).transpose, Matrix(x, stride: inputs), rows: range.count,
            columns: inputs, depth: batch, into: weight.gradient + range.lowerBound * inputs, stride: inputs,
            adding: true)
        }
        guard bias.trainable else { return }
        for output in range {
          var sum: Float = 0
          for row in 0..<batch { sum += dy[row * outputs + output] }
          bias.gradient[output] += sum
        }
      }
    }
    guard let dx else { return }
    try split(inputs) { range, workspace in
      try workspace.timed(.head) {
        try library.multiply(
          Matrix(dy, stride: outputs), Matrix(weight.value + range.lowerBound, stride: inputs), rows: batch,
          columns: range.count, depth: outputs, into: dx + range.lowerBound, stride: inputs, adding: false)
      }
    }
  }

  private func split(_ count: Int, _ body: (Range<Int>, Workspace) throws -> Void) throws {
    let parts = context.threadCount
    try context.run(parts) { part, workspace in
      let range = count * part / parts..<count * (part + 1) / parts
      if !range.isEmpty { try body(range, workspace) }
    }
  }
}
