import CSentryKernels
import Glibc

/// Between two blocks: BN-ReLU-conv1×1 to half the channels, 2×2 average pooling.
///
/// Pooling and a 1×1 convolution commute, so it pools first and convolves a quarter of the pixels.
public final class Transition {
  let input: FeatureMap
  let output: FeatureMap
  let norm: BatchNorm
  let conv: Convolution
  let context: ComputeContext
  public var needsBackward = true
  public var propagates = true

  public init(
    _ name: String, from input: FeatureMap, to output: FeatureMap, context: ComputeContext, in arena: ParameterArena
  ) throws {
    (self.input, self.output, self.context) = (input, output, context)
    norm = try BatchNorm("\(name).norm", channels: input.channels, in: arena)
    conv = Convolution(
      "\(name).conv",
      ConvolutionShape(
        images: 1, inputChannels: input.channels, height: 1, width: 1, outputChannels: input.channels / 2, kernel: 1),
      context: context, in: arena)
  }

  public var isTrainable: Bool { norm.isTrainable || conv.weight.trainable }

  public var convolutions: [Convolution] { [conv] }

  public func initialise(_ random: inout RandomStream) {
    norm.initialise()
    conv.weight.fillKaimingNormal(&random)
  }

  public func prepare(_ pass: Pass) throws {
    output.needsStatistics = false
    if norm.usesBatch(pass) { input.needsStatistics = true }
    try output.reserve(pass.batch)
    try conv.bind(images: 1, height: 1, width: strips(pass).length)
    try conv.prepare([.forward])
    guard pass.training, needsBackward else { return }
    if reachesInput { try input.reserveGradients(pass.batch) }
    try conv.prepare((reachesInput ? [.data] : []) + (conv.weight.trainable ? [.weights] : []))
  }

  public func estimate(_ pass: Pass, _ memory: inout MemoryEstimate) {
    let (length, backward) = (strips(pass).length, pass.training && needsBackward)
    output.estimate(pass.batch, gradients: false, &memory)
    input.estimate(pass.batch, gradients: backward && reachesInput, &memory)
    memory.add(conv, backward: backward, .direct, pixels: length)
    memory.scratch(.activation, activations: length * input.channels)
    if backward { memory.scratch(.gradient, floats: length * input.channels) }
  }

  private var reachesInput: Bool { propagates || norm.isTrainable }

  private func strips(_ pass: Pass) -> Strips {
    Strips(pixels: pass.batch * output.pixelsPerImage, threads: context.threadCount)
  }

  public func forward(_ pass: Pass) throws {
    let (strips, kernels, sums, channels) = (strips(pass), context.kernels, context.sums, input.channels / 2)
    let summing = pass.training && output.needsStatistics
    try norm.prepare(input.statistics, count: pass.batch * input.pixelsPerImage, pass)
    sums.clear()
    try context.run(strips.count) { index, workspace in
      try workspace.timed(.transition) {
        let pooled = try pool(strips, index, workspace)
        let result = try workspace.activations(.output, strips.length * channels)
        try conv.forward(pooled, into: result, workspace)
        let thread = workspace.thread
        kernels.copy_statistics(
          strips.valid(index), channels, rows(result, channels), output.view(pixel: strips.start(index)),
          summing ? sums.first(thread) : nil, summing ? sums.second(thread) : nil)
      }
    }
    try output.statistics.set(summing ? sums : nil, first: 0, channels: channels, count: strips.pixels)
  }

  /// BN-ReLU and pooling of a strip of output pixels, dense; pixels past the end are zeros.
  private func pool(_ strips: Strips, _ index: Int, _ workspace: Workspace) throws -> Elements {
    let (channels, valid) = (input.channels, strips.valid(index))
    let pooled = try workspace.activations(.activation, strips.length * channels)
    forEachRow(strips, index) { offset, length, top in
      context.kernels.norm_relu_pool(
        length, channels, input.values(pixel: top).data, input.values(pixel: top + input.width).data, channels,
        norm.scale, norm.shift, (pooled + offset * channels).data)
    }
    (pooled + valid * channels).clear((strips.length - valid) * channels)
    return pooled
  }

  /// The runs of a strip that lie in one output row: offset in the strip, length, and the upper left input pixel.
  private func forEachRow(_ strips: Strips, _ index: Int, _ body: (_ offset: Int, _ length: Int, _ top: Int) -> Void) {
    let (columns, area) = (output.width, output.pixelsPerImage)
    var pixel = strips.start(index)
    let (start, end) = (pixel, pixel + strips.valid(index))
    while pixel < end {
      let (image, row, column) = (pixel / area, pixel % area / columns, pixel % columns)
      let length = min(columns - column, end - pixel)
      let top = image * input.pixelsPerImage + 2 * row * input.width + 2 * column
      body(pixel - start, length, top)
      pixel += length
    }
  }

  public func backward(_ pass: Pass) throws {
    let (strips, kernels, sums, channels) = (strips(pass), context.kernels, context.sums, input.channels)
    let coefficients = try output.statistics.inputGradient(
      first: 0, channels: channels / 2, count: strips.pixels)
    // What pooling floors away gets no gradient from it.
    if reachesInput, input.height % 2 + input.width % 2 > 0 { input.clearGradients(pass.batch) }
    input.statistics.clearGradientSums()
    sums.clear()
    try context.run(strips.count) { index, workspace in
      let (first, valid) = (strips.start(index), strips.valid(index))
      let upstream = try workspace.activations(.output, strips.length * channels / 2)
      let pooled = try workspace.timed(.transition) {
        kernels.norm_input_gradient(
          valid, channels / 2, output.gradientView(pixel: first), output.view(pixel: first), coefficients.mean,
          coefficients.a, coefficients.b, coefficients.c, 0, rows(upstream, channels / 2))
        (upstream + valid * channels / 2).clear((strips.length - valid) * channels / 2)
        return try pool(strips, index, workspace)
      }
      if conv.weight.trainable { try conv.backwardWeights(pooled, upstream, .transition, workspace) }
      guard reachesInput else { return }
      try workspace.timed(.transition) {
        let downstream = try workspace.scratch(.gradient, strips.length * channels)
        try conv.backwardData(upstream, into: downstream, workspace)
        try spread(downstream, strips, index, workspace)
      }
    }
    if reachesInput { norm.reduceGradient(sums, input.statistics) }
  }

  /// Backward through pooling and ReLU-BN: sets G of the input map (the last to read it is the first to come back).
  private func spread(
    _ gradient: UnsafeMutablePointer<Float>, _ strips: Strips, _ index: Int, _ workspace: Workspace
  ) throws {
    let (channels, thread) = (input.channels, workspace.thread)
    let partial = try workspace.scratch(.pooled, 2 * channels)
    memset(partial, 0, 2 * channels * 4)
    forEachRow(strips, index) { offset, length, top in
      context.kernels.norm_relu_pool_gradient(
        length, channels, gradient + offset * channels, input.values(pixel: top).data,
        input.values(pixel: top + input.width).data, input.gradients(pixel: top),
        input.gradients(pixel: top + input.width),
        channels, input.statistics.mean, norm.scale, norm.shift, norm.gradientFactor, partial, partial + channels)
    }
    let (sum, product) = (context.sums.first(thread), context.sums.second(thread))
    for channel in 0..<channels {
      sum[channel] += Double(partial[channel])
      product[channel] += Double(partial[channels + channel])
    }
  }
}
