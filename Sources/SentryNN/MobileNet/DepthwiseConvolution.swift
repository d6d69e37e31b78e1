import CSentryKernels

/// Every channel is convolved with a square kernel of its own, with zeros around the image.
final class DepthwiseConvolution: ImageConvolution {
  let weight: Parameter
  let output: ImageMap
  private let input: ImageMap
  private let shape: sentry_depthwise
  private let context: ComputeContext
  private let kernels: sentry_image_kernels
  /// [kernel · kernel][channels]: the weights, and their gradient.
  private let (taps, tapGradients) = (FloatBuffer(), FloatBuffer())
  private var isStale = true

  init(
    _ name: String, from input: ImageMap, kernel: Int, stride: Int, context: ComputeContext, in arena: ParameterArena
  ) {
    (self.input, self.context, kernels) = (input, context, context.level.imageKernels)
    output = ImageMap(
      channels: input.channels, height: (input.height - 1) / stride + 1, width: (input.width - 1) / stride + 1)
    shape = sentry_depthwise(
      height: input.height, width: input.width, out_height: output.height, out_width: output.width,
      channels: input.channels, kernel: kernel, stride: stride, padding: kernel / 2)
    weight = arena.parameter("\(name).weight", [input.channels, 1, kernel, kernel])
  }

  private var tapCount: Int { shape.kernel * shape.kernel }

  func prepare(_ pass: Pass) throws {
    guard isStale else { return }
    try taps.reserve(weight.count)
    for channel in 0..<shape.channels {
      for tap in 0..<tapCount { taps.pointer[tap * shape.channels + channel] = weight.value[channel * tapCount + tap] }
    }
    isStale = false
  }

  /// Runs `body` for rows of a batch of maps, a few at a time.
  private func forRows(of map: ImageMap, _ batch: Int, _ body: (Range<Int>, Workspace) throws -> Void) throws {
    let (rows, step) = (batch * map.height, max(1, 64 / map.width))
    try context.run((rows + step - 1) / step) { piece, workspace in
      try body(piece * step..<min(rows, (piece + 1) * step), workspace)
    }
  }

  func forward(batch: Int, done: (Range<Int>, Workspace) throws -> Void) throws {
    let (height, width) = (output.height, output.width)
    try forRows(of: output, batch) { rows, workspace in
      workspace.timed(.forward3x3) {
        for row in rows {
          kernels.depthwise(
            shape, row % height, input.image(row / height), taps.pointer, output.pixel(row * width))
        }
      }
      try done(rows.lowerBound * width..<rows.upperBound * width, workspace)
    }
  }

  func backward(_ gradient: UnsafeMutablePointer<Float>, into dx: UnsafeMutablePointer<Float>?, batch: Int) throws {
    let channels = shape.channels
    if let dx {
      let (height, area) = (input.height, output.pixelsPerImage)
      try forRows(of: input, batch) { rows, workspace in
        workspace.timed(.backward3x3Data) {
          for row in rows {
            kernels.depthwise_gradient(
              shape, row % height, gradient + row / height * area * channels, taps.pointer,
              dx + row * input.width * channels)
          }
        }
      }
    }
    if weight.trainable { try backwardWeights(gradient, batch: batch) }
  }

  private func backwardWeights(_ gradient: UnsafeMutablePointer<Float>, batch: Int) throws {
    let (height, channels) = (output.height, shape.channels)
    try tapGradients.reserve(weight.count)
    tapGradients.clear(weight.count)
    try context.addGradient(weight.count, to: tapGradients.pointer, units: batch * height) { rows, sum, workspace in
      workspace.timed(.backward3x3Weights) {
        for row in rows {
          kernels.depthwise_weights(
            shape, row % height, input.image(row / height), gradient + row * output.width * channels, sum)
        }
      }
    }
    for channel in 0..<channels {
      for tap in 0..<tapCount {
        weight.gradient[channel * tapCount + tap] += tapGradients.pointer[tap * channels + channel]
      }
    }
  }

  func parametersChanged() { isStale = true }

  func estimate(_ memory: inout MemoryEstimate) {
    memory.add(floats: 2 * weight.count)
    memory.scratch(.weightGradient, floats: weight.count)
  }
}
