import CSentryKernels

/// The end of the backbone: BN, ReLU, mean over each image: one feature a channel.
public final class FinalPooling {
  let input: FeatureMap
  let norm: BatchNorm
  let context: ComputeContext
  /// [batch][channels]
  public let features = FloatBuffer()
  /// Set by whoever reads the features, before ``backward(_:)``. [batch][channels]
  public let featureGradient = FloatBuffer()
  public var needsBackward = true
  public var propagates = true

  public init(_ name: String, from input: FeatureMap, context: ComputeContext, in arena: ParameterArena) throws {
    (self.input, self.context) = (input, context)
    norm = try BatchNorm(name, channels: input.channels, in: arena)
  }

  public var channels: Int { input.channels }

  public var isTrainable: Bool { norm.isTrainable }

  public var convolutions: [Convolution] { [] }

  public func initialise(_ random: inout RandomStream) { norm.initialise() }

  public func prepare(_ pass: Pass) throws {
    if norm.usesBatch(pass) { input.needsStatistics = true }
    try features.reserve(pass.batch * channels)
    guard pass.training, needsBackward else { return }
    try featureGradient.reserve(pass.batch * channels)
    try input.reserveGradients(pass.batch)
  }

  public func estimate(_ pass: Pass, _ memory: inout MemoryEstimate) {
    input.estimate(pass.batch, gradients: pass.training && needsBackward, &memory)
    memory.add(floats: 2 * pass.batch * channels)
  }

  public func forward(_ pass: Pass) throws {
    let (area, kernels) = (input.pixelsPerImage, context.kernels)
    try norm.prepare(input.statistics, count: pass.batch * area, pass)
    try context.run(pass.batch) { image, workspace in
      workspace.timed(.head) {
        kernels.norm_relu_mean(
          area, channels, input.view(pixel: image * area), norm.scale, norm.shift, 1 / Float(area),
          features.pointer + image * channels)
      }
    }
  }

  public func backward(_ pass: Pass) throws {
    let (area, kernels, sums) = (input.pixelsPerImage, context.kernels, context.sums)
    input.statistics.clearGradientSums()
    sums.clear()
    try context.run(pass.batch) { image, workspace in
      workspace.timed(.head) {
        kernels.norm_relu_mean_gradient(
          area, channels, featureGradient.pointer + image * channels, 1 / Float(area), input.view(pixel: image * area),
          input.statistics.mean, norm.scale, norm.shift, norm.gradientFactor, input.gradientView(pixel: image * area),
          sums.first(workspace.thread), sums.second(workspace.thread))
      }
    }
    norm.reduceGradient(sums, input.statistics)
  }
}
