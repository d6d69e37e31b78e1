import CSentryKernels

/// The beginning: conv 7×7/2 of a one-channel image to 64 channels, BN, ReLU, max-pool 3×3/2 into the first block's map.
public final class Stem {
  static let channels = 64
  let output: FeatureMap
  let norm: BatchNorm
  let conv: Convolution
  let context: ComputeContext
  let size: Int
  let statistics: ChannelStatistics
  /// The images of the pass, [batch][size][size]; kept for the weight gradient.
  private let images: ActivationBuffer
  private let convolved: ActivationBuffer
  /// The window position of each maximum.
  private let positions = FloatBuffer()
  public var needsBackward = true
  public var propagates = true

  /// - Parameter size: the images' height and width.
  public init(
    conv convName: String, norm normName: String, size: Int, to output: FeatureMap, context: ComputeContext,
    in arena: ParameterArena
  ) throws {
    (self.size, self.output, self.context) = (size, output, context)
    conv = Convolution(
      convName,
      ConvolutionShape(
        images: 1, inputChannels: 1, height: size, width: size, outputChannels: Self.channels, kernel: 7, stride: 2,
        padding: 3), context: context, in: arena)
    norm = try BatchNorm(normName, channels: Self.channels, in: arena)
    statistics = try ChannelStatistics(channels: Self.channels)
    (images, convolved) = (ActivationBuffer(context.precision), ActivationBuffer(context.precision))
  }

  public var isTrainable: Bool { norm.isTrainable || conv.weight.trainable }

  public var convolutions: [Convolution] { [conv] }

  /// Height and width behind the convolution.
  var convolvedSize: Int { conv.shape.outputHeight }

  public func initialise(_ random: inout RandomStream) {
    conv.weight.fillKaimingNormal(&random)
    norm.initialise()
  }

  public func prepare(_ pass: Pass) throws {
    output.needsStatistics = false
    try images.reserve(pass.batch * size * size)
    try convolved.reserve(pass.batch * convolvedSize * convolvedSize * Self.channels)
    try positions.reserve(pass.batch * output.pixelsPerImage * Self.channels)
    try output.reserve(pass.batch)
    try conv.bind(images: 1, height: size, width: size)
    try conv.prepare([.forward] + (pass.training && conv.weight.trainable ? [.weights] : []))
  }

  public func estimate(_ pass: Pass, _ memory: inout MemoryEstimate) {
    let side = (size - 1) / 2 + 1
    let backward = pass.training && needsBackward
    memory.add(activations: pass.batch * (size * size + side * side * Self.channels))
    memory.add(floats: pass.batch * output.pixelsPerImage * Self.channels)
    output.estimate(pass.batch, gradients: false, &memory)
    memory.add(conv, backward: backward, .direct, pixels: 0)
    guard backward else { return }
    memory.scratch(.activation, activations: side * side * Self.channels)
    memory.scratch(.pooled, activations: output.pixelsPerImage * Self.channels)
  }

  /// Takes the images of the pass, [batch][size][size], in f32.
  public func load(_ input: UnsafePointer<Float>, batch: Int) throws {
    let area = size * size
    try context.run(batch) { image, workspace in
      workspace.timed(.stem) {
        context.kernels.convert(area, input + image * area, (images.start + image * area).data)
      }
    }
  }

  public func forward(_ pass: Pass) throws {
    let (kernels, sums, channels) = (context.kernels, context.sums, Self.channels)
    let (side, area) = (convolvedSize, convolvedSize * convolvedSize)
    let normalisesByBatch = norm.usesBatch(pass)
    sums.clear()
    try context.run(pass.batch) { image, workspace in
      try workspace.timed(.stem) {
        let result = convolved.start + image * area * channels
        try conv.forward(images.start + image * size * size, into: result, workspace)
        guard normalisesByBatch else { return }
        let thread = workspace.thread
        kernels.statistics(area, channels, rows(result, channels), sums.first(thread), sums.second(thread))
      }
    }
    try statistics.set(normalisesByBatch ? sums : nil, first: 0, channels: channels, count: pass.batch * area)
    try norm.prepare(statistics, count: pass.batch * area, pass)
    let summing = pass.training && output.needsStatistics
    sums.clear()
    try context.run(pass.batch) { image, workspace in
      workspace.timed(.stem) {
        let first = image * output.pixelsPerImage
        kernels.norm_relu_max_pool(
          side, side, channels, (convolved.start + image * area * channels).data, norm.scale, norm.shift,
          output.view(pixel: first), positions.pointer + first * channels)
        guard summing else { return }
        let thread = workspace.thread
        kernels.statistics(
          output.pixelsPerImage, channels, output.view(pixel: first), sums.first(thread), sums.second(thread))
      }
    }
    try output.statistics.set(
      summing ? sums : nil, first: 0, channels: channels, count: pass.batch * output.pixelsPerImage)
  }

  public func backward(_ pass: Pass) throws {
    let (kernels, sums, channels) = (context.kernels, context.sums, Self.channels)
    let (side, area) = (convolvedSize, convolvedSize * convolvedSize)
    let pooled = try output.statistics.inputGradient(
      first: 0, channels: channels, count: pass.batch * output.pixelsPerImage)
    statistics.clearGradientSums()
    sums.clear()
    try context.run(pass.batch) { image, workspace in
      try workspace.timed(.stem) {
        kernels.max_pool_gradient_sums(
          side, side, channels, try poolingGradient(image, pooled, workspace).data, positions(of: image),
          (convolved.start + image * area * channels).data, statistics.mean, sums.first(workspace.thread),
          sums.second(workspace.thread))
      }
    }
    norm.reduceGradient(sums, statistics)
    guard conv.weight.trainable else { return }
    let coefficients = try normCoefficients(pass.batch * area)
    try context.run(pass.batch) { image, workspace in
      let gradient = try workspace.activations(.activation, area * channels)
      try workspace.timed(.stem) {
        kernels.max_pool_gradient(
          side, side, channels, try poolingGradient(image, pooled, workspace).data, positions(of: image),
          (convolved.start + image * area * channels).data, coefficients.mean, coefficients.a, coefficients.b,
          coefficients.c, gradient.data)
      }
      try conv.backwardWeights(images.start + image * size * size, gradient, .stem, workspace)
    }
  }

  /// The gradient behind pooling, of one image, dense; zero where ReLU was.
  private func poolingGradient(
    _ image: Int, _ coefficients: ChannelStatistics.InputGradient, _ workspace: Workspace
  ) throws -> Elements {
    let (area, channels) = (output.pixelsPerImage, Self.channels)
    let result = try workspace.activations(.pooled, area * channels)
    context.kernels.norm_input_gradient(
      area, channels, output.gradientView(pixel: image * area), output.view(pixel: image * area), coefficients.mean,
      coefficients.a, coefficients.b, coefficients.c, 1, rows(result, channels))
    return result
  }

  private func positions(of image: Int) -> UnsafeMutablePointer<Float> {
    positions.pointer + image * output.pixelsPerImage * Self.channels
  }

  /// The gradient d behind the norm is not yet multiplied with its factor here, so that joins the coefficient of G.
  private func normCoefficients(_ count: Int) throws -> ChannelStatistics.InputGradient {
    let result = try statistics.inputGradient(first: 0, channels: Self.channels, count: count)
    for channel in 0..<Self.channels { result.a[channel] *= norm.gradientFactor[channel] }
    return result
  }
}
