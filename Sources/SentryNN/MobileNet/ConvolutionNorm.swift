import CSentryKernels

/// A convolution, a batch norm and an activation, named as torchvision's Conv2dNormActivation: `.0` and `.1`.
public final class ConvolutionNorm {
  public enum Activation: Sendable {
    case none, relu, hardSwish

    var code: CInt {
      switch self {
      case .none: CInt(SENTRY_IDENTITY)
      case .relu: CInt(SENTRY_RELU)
      case .hardSwish: CInt(SENTRY_HARD_SWISH)
      }
    }
  }

  /// What the convolution sees of its input's channels.
  public enum Reach: Sendable {
    case allChannels
    /// Each output sees the channel of its own number.
    case depthwise
  }

  public let output: ImageMap
  let activation: Activation
  private let convolution: any ImageConvolution
  private let norm: BatchNorm
  private let statistics: ChannelStatistics
  private let context: ComputeContext
  private let kernels: sentry_image_kernels

  /// - Parameters:
  ///   - channels: of the output, a multiple of 8.
  ///   - kernel: odd; zeros around the image keep its size where the stride is 1.
  ///   - isFirst: whether nothing before it wants a gradient.
  public init(
    _ name: String, from input: ImageMap, channels: Int, kernel: Int = 1, stride: Int = 1, reach: Reach = .allChannels,
    activation: Activation, norm settings: BatchNorm.Settings, isFirst: Bool = false, context: ComputeContext,
    in arena: ParameterArena
  ) throws {
    precondition(channels % 8 == 0 && kernel % 2 == 1, "\(name): \(channels) channels, a kernel of \(kernel)")
    (self.activation, self.context, kernels) = (activation, context, context.level.imageKernels)
    convolution =
      switch reach {
      case .depthwise:
        DepthwiseConvolution("\(name).0", from: input, kernel: kernel, stride: stride, context: context, in: arena)
      case .allChannels where kernel == 1 && stride == 1:
        PointwiseConvolution("\(name).0", from: input, channels: channels, context: context, in: arena)
      case .allChannels:
        SpatialConvolution(
          "\(name).0", from: input, channels: channels, kernel: kernel, stride: stride, needsInputGradient: !isFirst,
          context: context, in: arena)
      }
    precondition(convolution.output.channels == channels, "\(name): a depthwise convolution keeps its channels")
    norm = try BatchNorm("\(name).1", channels: channels, momentum: settings.momentum, in: arena)
    statistics = try ChannelStatistics(channels: channels, epsilon: settings.epsilon)
    output = ImageMap(channels: channels, height: convolution.output.height, width: convolution.output.width)
  }

  public var firstParameter: Parameter { convolution.weight }

  /// As torchvision begins: He et al. 2015 by the outputs.
  public func initialise(_ random: inout RandomStream) {
    convolution.weight.fillKaimingNormalFanOut(&random)
    norm.initialise()
  }

  public func parametersChanged() { convolution.parametersChanged() }

  public func prepare(_ pass: Pass) throws {
    try convolution.output.reserve(pass.batch)
    try output.reserve(pass.batch)
    try convolution.prepare(pass)
  }

  public func estimate(_ pass: Pass, _ memory: inout MemoryEstimate) {
    convolution.output.estimate(pass.batch, &memory)
    output.estimate(pass.batch, &memory)
    if pass.training { convolution.estimate(&memory) }
  }

  private func count(_ pass: Pass) -> Int { pass.batch * output.pixelsPerImage }

  public func forward(_ pass: Pass) throws {
    let (sums, raw, channels) = (context.sums, convolution.output, output.channels)
    guard norm.usesBatch(pass) else {
      try statistics.set(nil, first: 0, channels: channels, count: count(pass))
      try norm.prepare(statistics, count: count(pass), pass)
      return try convolution.forward(batch: pass.batch) { pixels, workspace in activate(pixels, workspace) }
    }
    sums.clear()
    try convolution.forward(batch: pass.batch) { pixels, workspace in
      workspace.timed(.forwardElementwise) {
        kernels.statistics(
          pixels.count, channels, raw.pixel(pixels.lowerBound), sums.first(workspace.thread),
          sums.second(workspace.thread))
      }
    }
    try statistics.setMoments(sums, first: 0, channels: channels, count: count(pass))
    try norm.prepare(statistics, count: count(pass), pass)
    try context.split(count(pass)) { pixels, workspace in activate(pixels, workspace) }
  }

  private func activate(_ pixels: Range<Int>, _ workspace: Workspace) {
    workspace.timed(.forwardElementwise) {
      kernels.norm_activation(
        pixels.count, output.channels, convolution.output.pixel(pixels.lowerBound), norm.scale, norm.shift,
        activation.code, output.pixel(pixels.lowerBound))
    }
  }

  /// Adds the gradients of the parameters; sets that of the input where one is asked for.
  /// - Parameter gradient: of the output; overwritten.
  func backward(
    _ gradient: UnsafeMutablePointer<Float>, into dx: UnsafeMutablePointer<Float>?, _ pass: Pass
  ) throws {
    let (sums, raw, channels) = (context.sums, convolution.output, output.channels)
    statistics.clearGradientSums()
    sums.clear()
    try context.split(count(pass)) { pixels, workspace in
      workspace.timed(.backwardElementwise) {
        kernels.norm_activation_gradient(
          pixels.count, channels, gradient + pixels.lowerBound * channels, raw.pixel(pixels.lowerBound), norm.scale,
          norm.shift, statistics.mean, norm.gradientFactor, activation.code, sums.first(workspace.thread),
          sums.second(workspace.thread))
      }
    }
    norm.reduceGradient(sums, statistics)
    let completion = try statistics.inputGradient(first: 0, channels: channels, count: count(pass))
    try context.split(count(pass)) { pixels, workspace in
      workspace.timed(.backwardElementwise) {
        kernels.norm_input_gradient(
          pixels.count, channels, gradient + pixels.lowerBound * channels, raw.pixel(pixels.lowerBound),
          completion.mean, completion.a, completion.b, completion.c)
      }
    }
    try convolution.backward(gradient, into: dx, batch: pass.batch)
  }
}
