import COpenBLAS

/// y = x·Wᵀ + b through OpenBLAS's sgemm, the outputs split over the threads.
public final class Linear {
  public let weight: Parameter
  public let bias: Parameter
  let inputs: Int
  let outputs: Int
  private let context: ComputeContext

  public init(_ name: String, inputs: Int, outputs: Int, context: ComputeContext, in arena: ParameterArena) {
    (self.inputs, self.outputs, self.context) = (inputs, outputs, context)
    weight = arena.parameter("\(name).weight", [outputs, inputs])
    bias = arena.parameter("\(name).bias", [outputs])
  }

  public var isTrainable: Bool { weight.trainable || bias.trainable }

  public func initialise(_ random: inout RandomStream) {
    weight.fillUniform(fanIn: inputs, &random)
    bias.fillUniform(fanIn: inputs, &random)
  }

  /// `x` [batch][inputs] to `y` [batch][outputs].
  public func forward(_ x: UnsafePointer<Float>, _ y: UnsafeMutablePointer<Float>, batch: Int) throws {
    try split(outputs) { range, workspace in
      workspace.timed(.head) {
        for row in 0..<batch {
          for output in range { y[row * outputs + output] = bias.value[output] }
        }
        guard batch > 1 else {
          // A product with one vector: sgemm would copy the weights first.
          return cblas_sgemv(
            CblasRowMajor, CblasNoTrans, Int32(range.count), Int32(inputs), 1,
            weight.value + range.lowerBound * inputs, Int32(inputs), x, 1, 1, y + range.lowerBound, 1)
        }
        cblas_sgemm(
          CblasRowMajor, CblasNoTrans, CblasTrans, Int32(batch), Int32(range.count), Int32(inputs), 1, x, Int32(inputs),
          weight.value + range.lowerBound * inputs, Int32(inputs), 1, y + range.lowerBound, Int32(outputs))
      }
    }
  }

  /// Adds the gradients of what trains; sets `dx` where one is asked for.
  public func backward(
    _ x: UnsafePointer<Float>, _ dy: UnsafePointer<Float>, dx: UnsafeMutablePointer<Float>?, batch: Int
  ) throws {
    try split(outputs) { range, workspace in
      workspace.timed(.head) {
        if weight.trainable {
          cblas_sgemm(
            CblasRowMajor, CblasTrans, CblasNoTrans, Int32(range.count), Int32(inputs), Int32(batch), 1,
            dy + range.lowerBound, Int32(outputs), x, Int32(inputs), 1, weight.gradient + range.lowerBound * inputs,
            Int32(inputs))
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
      workspace.timed(.head) {
        cblas_sgemm(
          CblasRowMajor, CblasNoTrans, CblasNoTrans, Int32(batch), Int32(range.count), Int32(outputs), 1, dy,
          Int32(outputs), weight.value + range.lowerBound, Int32(inputs), 0, dx + range.lowerBound, Int32(inputs))
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
