/// A 1×1 convolution: a matrix product over pixels, strip by strip.
final class PointwiseConvolution: ImageConvolution {
  let weight: Parameter
  let output: ImageMap
  private let input: ImageMap
  private let context: ComputeContext

  init(_ name: String, from input: ImageMap, channels: Int, context: ComputeContext, in arena: ParameterArena) {
    (self.input, self.context) = (input, context)
    output = ImageMap(channels: channels, height: input.height, width: input.width)
    weight = arena.parameter("\(name).weight", [channels, input.channels, 1, 1])
  }

  private func strips(_ batch: Int) -> Strips {
    Strips(pixels: batch * input.pixelsPerImage, threads: context.threadCount)
  }

  /// [outputs][inputs]
  private var matrix: Matrix { Matrix(weight.value, stride: input.channels) }

  func prepare(_ pass: Pass) {}

  func forward(batch: Int, done: (Range<Int>, Workspace) throws -> Void) throws {
    let (strips, inputs, outputs) = (strips(batch), input.channels, output.channels)
    try context.run(strips.count) { index, workspace in
      let (first, count) = (strips.start(index), strips.valid(index))
      try workspace.timed(.forward1x1) {
        try multiply(
          Matrix(input.pixel(first), stride: inputs), matrix.transpose, rows: count, columns: outputs, depth: inputs,
          into: output.pixel(first), stride: outputs, adding: false)
      }
      try done(first..<first + count, workspace)
    }
  }

  func backward(_ gradient: UnsafeMutablePointer<Float>, into dx: UnsafeMutablePointer<Float>?, batch: Int) throws {
    let (strips, inputs, outputs) = (strips(batch), input.channels, output.channels)
    try context.addGradient(weight.count, to: weight.gradient, units: strips.count) { range, sum, workspace in
      for index in range {
        let (first, count) = (strips.start(index), strips.valid(index))
        let upstream = Matrix(gradient + first * outputs, stride: outputs)
        if weight.trainable {
          try workspace.timed(.backward1x1Weights) {
            try multiply(
              upstream.transpose, Matrix(input.pixel(first), stride: inputs), rows: outputs, columns: inputs,
              depth: count, into: sum, stride: inputs, adding: true)
          }
        }
        guard let dx else { continue }
        try workspace.timed(.backward1x1Data) {
          try multiply(
            upstream, matrix, rows: count, columns: inputs, depth: outputs, into: dx + first * inputs, stride: inputs,
            adding: false)
        }
      }
    }
  }

  func parametersChanged() {}

  func estimate(_ memory: inout MemoryEstimate) { memory.scratch(.weightGradient, floats: weight.count) }
}
