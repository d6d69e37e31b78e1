import CSentryKernels

/// One layer of a dense block (Huang et al. 2017, DenseNet-B): BN-ReLU-conv1×1 to 4·32 channels, BN-ReLU-conv3×3 to 32.
///
/// It reads the first `inputChannels` channels of the block's ``FeatureMap`` and appends 32.
public final class DenseLayer {
  static let growth = 32
  static let bottleneckChannels = 4 * growth
  let inputChannels: Int
  let norm1: BatchNorm
  let conv1: Convolution
  let norm2: BatchNorm
  let conv2: Convolution
  let map: FeatureMap
  let context: ComputeContext
  let bottleneckStatistics: ChannelStatistics
  /// The 1×1 convolution's output, kept for the backward pass; layers that have none share one.
  private let keptBottleneck: ActivationBuffer
  private let shared: DenseBlock.Shared
  /// Whether this layer has a backward pass, and whether anything before it has one too.
  public var needsBackward = true
  public var propagates = true

  init(
    _ name: String, inputChannels: Int, map: FeatureMap, shared: DenseBlock.Shared, context: ComputeContext,
    in arena: ParameterArena
  ) throws {
    (self.inputChannels, self.map, self.shared, self.context) = (inputChannels, map, shared, context)
    let (growth, bottleneck) = (Self.growth, Self.bottleneckChannels)
    norm1 = try BatchNorm("\(name).norm1", channels: inputChannels, in: arena)
    conv1 = Convolution(
      "\(name).conv1",
      ConvolutionShape(
        images: 1, inputChannels: inputChannels, height: 1, width: 1, outputChannels: bottleneck, kernel: 1),
      context: context, in: arena)
    norm2 = try BatchNorm("\(name).norm2", channels: bottleneck, in: arena)
    conv2 = Convolution(
      "\(name).conv2",
      ConvolutionShape(
        images: 1, inputChannels: bottleneck, height: 1, width: 1, outputChannels: growth, kernel: 3, padding: 1),
      context: context, in: arena)
    bottleneckStatistics = try ChannelStatistics(channels: bottleneck)
    keptBottleneck = ActivationBuffer(context.precision)
  }

  public var isTrainable: Bool {
    norm1.isTrainable || conv1.weight.trainable || norm2.isTrainable || conv2.weight.trainable
  }

  public var convolutions: [Convolution] { [conv1, conv2] }

  func bottleneck(_ pass: Pass) -> Elements { bottleneckBuffer(pass).start }

  private func bottleneckBuffer(_ pass: Pass) -> ActivationBuffer {
    pass.training && needsBackward && pass.memory == .normal ? keptBottleneck : shared.bottleneck
  }

  var bottleneckGradient: UnsafeMutablePointer<Float> { shared.bottleneckGradient.pointer }

  public func initialise(_ random: inout RandomStream) {
    norm1.initialise()
    conv1.weight.fillKaimingNormal(&random)
    norm2.initialise()
    conv2.weight.fillKaimingNormal(&random)
  }

  /// Memory and primitives for a pass.
  public func prepare(_ pass: Pass) throws {
    let strips = strips(pass)
    let groups = groups(pass)
    let count = strips.count * strips.length * Self.bottleneckChannels
    if norm1.usesBatch(pass) { map.needsStatistics = true }
    try bottleneckBuffer(pass).reserve(count)
    try conv1.bind(images: 1, height: 1, width: strips.length)
    try conv2.bind(images: groups.size, height: map.height, width: map.width, algorithm: groups.algorithm)
    try conv1.prepare([.forward])
    try conv2.prepare([.forward])
    guard pass.training, needsBackward else { return }
    try shared.bottleneckGradient.reserve(count)
    try conv1.prepare((backwardReachesInput ? [.data] : []) + (conv1.weight.trainable ? [.weights] : []))
    try conv2.prepare([.data] + (conv2.weight.trainable ? [.weights] : []))
  }

  public func estimate(_ pass: Pass, _ memory: inout MemoryEstimate) {
    let (strips, groups, backward) = (strips(pass), groups(pass), pass.training && needsBackward)
    let (pixels, channels) = (groups.size * map.pixelsPerImage, Self.bottleneckChannels)
    let count = strips.count * strips.length * channels
    memory.share(bottleneckBuffer(pass), bytes: memory.precision.size * count)
    if backward { memory.share(shared.bottleneckGradient, bytes: 4 * count) }
    memory.add(conv1, backward: backward, .direct, pixels: strips.length)
    memory.add(conv2, backward: backward, groups.algorithm, pixels: pixels)
    memory.scratch(.activation, activations: max(strips.length * inputChannels, pixels * channels))
    memory.scratch(.output, activations: max(pixels * Self.growth, backward ? strips.length * channels : 0))
    if backward { memory.scratch(.gradient, floats: max(strips.length * inputChannels, pixels * channels)) }
  }

  /// Whether the gradient of the 1×1 convolution's input is of any use.
  var backwardReachesInput: Bool { propagates || norm1.isTrainable }

  func strips(_ pass: Pass) -> Strips {
    Strips(pixels: pass.batch * map.pixelsPerImage, threads: context.threadCount)
  }

  /// The tiles of so many of the map's images.
  func tiles(_ images: Int) -> WinogradTiles {
    WinogradTiles(images: images, height: map.height, width: map.width)
  }

  func groups(_ pass: Pass) -> ImageGroups {
    ImageGroups(
      images: pass.batch, height: map.height, width: map.width, threads: context.threadCount,
      winograd: context.level.winograd(context.precision))
  }
}
