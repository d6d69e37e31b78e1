import CSentryKernels
import Glibc

/// The beginning: conv 7×7/2 of a one-channel image to 64 channels, BN, ReLU, max-pool 3×3/2 into the first block's map.
public final class Stem {
  static let channels = 64
  /// Input rows whose pooling gradient is gathered at a time, while it is in cache.
  static let bandRows = 8
  let output: FeatureMap
  let norm: BatchNorm
  let conv: Convolution
  let context: ComputeContext
  let size: Int
  let statistics: ChannelStatistics
  /// The images of the pass, [batch][size][size]; kept for the weight gradient.
  public let images = FloatBuffer()
  let convolved = FloatBuffer()
  /// The window position of each maximum.
  private let positions = IndexBuffer()
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
    try images.reserve(pass.batch * size * size)
    try convolved.reserve(pass.batch * convolvedSize * convolvedSize * Self.channels)
    try positions.reserve(pass.batch * output.pixelsPerImage * Self.channels)
    try output.reserve(pass.batch)
    try conv.bind(images: 1, height: size, width: size)
    try conv.prepare([.forward] + (pass.training && conv.weight.trainable ? [.weights] : []))
  }

  public func forward(_ pass: Pass) throws {
    let (kernels, sums, channels) = (context.kernels, context.sums, Self.channels)
    let (side, area) = (convolvedSize, convolvedSize * convolvedSize)
    sums.clear()
    try context.run(pass.batch) { image, workspace in
      try workspace.timed(.stem) {
        let result = convolved.pointer + image * area * channels
        try conv.forward(images.pointer + image * size * size, into: result, workspace)
        guard pass.training else { return }
        let thread = workspace.thread
        kernels.statistics(area, channels, rows(result, channels), sums.first(thread), sums.second(thread))
      }
    }
    if pass.training { statistics.setMoments(sums, first: 0, channels: channels, count: pass.batch * area) }
    try norm.prepare(statistics, count: pass.batch * area, pass)
    sums.clear()
    try context.run(pass.batch) { image, workspace in
      workspace.timed(.stem) {
        let first = image * output.pixelsPerImage
        kernels.norm_relu_max_pool(
          side, side, channels, convolved.pointer + image * area * channels, norm.scale, norm.shift,
          output.view(pixel: first), positions.pointer + first * channels)
        guard pass.training else { return }
        let thread = workspace.thread
        kernels.statistics(
          output.pixelsPerImage, channels, output.view(pixel: first), sums.first(thread), sums.second(thread))
      }
    }
    if pass.training {
      output.statistics.setMoments(
        sums, first: 0, channels: channels, count: pass.batch * output.pixelsPerImage)
    }
  }

  public func backward(_ pass: Pass) throws {
    let (kernels, sums, channels) = (context.kernels, context.sums, Self.channels)
    let (side, area) = (convolvedSize, convolvedSize * convolvedSize)
    let pooled = output.statistics.inputGradient(
      first: 0, channels: channels, count: pass.batch * output.pixelsPerImage)
    statistics.clearGradientSums()
    sums.clear()
    try context.run(pass.batch) { image, workspace in
      try workspace.timed(.stem) {
        let upstream = try poolingGradient(image, pooled, workspace)
        let band = try workspace.scratch(.output, Self.bandRows * side * channels)
        for row in stride(from: 0, to: side, by: Self.bandRows) {
          let last = min(side, row + Self.bandRows)
          unpool(upstream, image, row, last, into: band)
          let source = convolved.pointer + (image * area + row * side) * channels
          kernels.gradient_sums(
            (last - row) * side, channels, rows(band, channels), rows(source, channels), statistics.mean,
            sums.first(workspace.thread),
            sums.second(workspace.thread))
        }
      }
    }
    norm.reduceGradient(sums, statistics)
    guard conv.weight.trainable else { return }
    let coefficients = normCoefficients(pass.batch * area)
    try context.run(pass.batch) { image, workspace in
      let gradient = try workspace.scratch(.activation, area * channels)
      try workspace.timed(.stem) {
        let upstream = try poolingGradient(image, pooled, workspace)
        for row in stride(from: 0, to: side, by: Self.bandRows) {
          let last = min(side, row + Self.bandRows)
          let target = gradient + row * side * channels
          unpool(upstream, image, row, last, into: target)
          let source = convolved.pointer + (image * area + row * side) * channels
          kernels.norm_input_gradient(
            (last - row) * side, channels, rows(target, channels), rows(source, channels), coefficients.mean,
            coefficients.a,
            coefficients.b, coefficients.c, 0, rows(target, channels))
        }
      }
      try conv.backwardWeights(images.pointer + image * size * size, gradient, .stem, workspace)
    }
  }

  /// The gradient behind pooling, of one image, dense; zero where ReLU was.
  private func poolingGradient(
    _ image: Int,
    _ coefficients: ChannelStatistics.InputGradient,
    _ workspace: Workspace
  ) throws -> UnsafeMutablePointer<Float> {
    let (area, channels) = (output.pixelsPerImage, Self.channels)
    let result = try workspace.scratch(.pooled, area * channels)
    context.kernels.norm_input_gradient(
      area, channels, output.gradientView(pixel: image * area), output.view(pixel: image * area), coefficients.mean,
      coefficients.a,
      coefficients.b, coefficients.c, 1, rows(result, channels))
    return result
  }

  private func unpool(
    _ upstream: UnsafeMutablePointer<Float>, _ image: Int, _ first: Int, _ last: Int,
    into target: UnsafeMutablePointer<Float>
  ) {
    context.kernels.max_pool_gradient(
      convolvedSize, convolvedSize, Self.channels, first, last, upstream,
      positions.pointer + image * output.pixelsPerImage * Self.channels, target)
  }

  /// The gradient d behind the norm is not yet multiplied with its factor here, so that joins the coefficient of G.
  private func normCoefficients(_ count: Int) -> ChannelStatistics.InputGradient {
    let result = statistics.inputGradient(first: 0, channels: Self.channels, count: count)
    for channel in 0..<Self.channels { result.a[channel] *= norm.gradientFactor[channel] }
    return result
  }
}
