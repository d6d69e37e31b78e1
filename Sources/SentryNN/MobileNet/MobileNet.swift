/// A backbone of inverted residuals for one-channel images (Howard et al. 2019): a 3×3 convolution of every second pixel, the blocks, a
/// 1×1 convolution, the mean over the image. Named as torchvision's: `features.0`, `features.1`, …
public final class MobileNet {
  /// Smaller images leave nothing after five strides.
  public static let minimumSize = 32
  /// In evaluation nothing is kept, so a batch passes a few images at a time.
  private static let imagesAtATime = 16
  public let pooling: MeanPooling
  private let input: ImageMap
  private let stem: ConvolutionNorm
  private let blocks: [InvertedResidual]
  private let last: ConvolutionNorm
  private let gradients = ImageGradients()

  /// - Parameters:
  ///   - size: the images' height and width.
  ///   - stemChannels: behind the first convolution.
  ///   - features: channels of the last convolution.
  public init(
    _ name: String, size: Int, stemChannels: Int, blocks shapes: [InvertedResidual.Shape], features: Int,
    norm: BatchNorm.Settings, context: ComputeContext, in arena: ParameterArena
  ) throws {
    input = ImageMap(channels: 1, height: size, width: size)
    stem = try ConvolutionNorm(
      "\(name).features.0", from: input, channels: stemChannels, kernel: 3, stride: 2, activation: .hardSwish,
      norm: norm, isFirst: true, context: context, in: arena)
    var (map, blocks) = (stem.output, [InvertedResidual]())
    for shape in shapes {
      let block = try InvertedResidual(
        "\(name).features.\(blocks.count + 1)", shape, from: map, norm: norm, gradients: gradients, context: context,
        in: arena)
      blocks.append(block)
      map = block.output
    }
    last = try ConvolutionNorm(
      "\(name).features.\(blocks.count + 1)", from: map, channels: features, activation: .hardSwish, norm: norm,
      context: context, in: arena)
    self.blocks = blocks
    pooling = MeanPooling(last.output, context: context)
  }

  public func initialise(_ random: inout RandomStream) {
    stem.initialise(&random)
    for block in blocks { block.initialise(&random) }
    last.initialise(&random)
  }

  public func parametersChanged() {
    stem.parametersChanged()
    for block in blocks { block.parametersChanged() }
    last.parametersChanged()
  }

  /// A pass with a backward pass to come. The features are in ``pooling``.
  /// - Parameter images: [batch][size][size]; copied.
  public func forward(_ images: UnsafePointer<Float>, _ pass: Pass) throws {
    try pooling.prepare(pass)
    try prepare(pass)
    try run(images, pass, first: 0)
  }

  /// A pass by running statistics that keeps nothing.
  public func infer(_ images: UnsafePointer<Float>, batch: Int) throws {
    try pooling.prepare(Pass(batch: batch, training: false))
    try prepare(Pass(batch: min(batch, Self.imagesAtATime), training: false))
    for first in stride(from: 0, to: batch, by: Self.imagesAtATime) {
      let part = Pass(batch: min(Self.imagesAtATime, batch - first), training: false)
      try run(images + input.count(first), part, first: first)
    }
  }

  private func prepare(_ pass: Pass) throws {
    try input.reserve(pass.batch)
    try stem.prepare(pass)
    for block in blocks { try block.prepare(pass) }
    try last.prepare(pass)
    if pass.training { for map in [stem.output, last.output] { try gradients.reserve(map, pass.batch) } }
  }

  private func run(_ images: UnsafePointer<Float>, _ pass: Pass, first: Int) throws {
    input.pointer.update(from: images, count: input.count(pass.batch))
    try stem.forward(pass)
    for block in blocks { try block.forward(pass) }
    try last.forward(pass)
    try pooling.forward(pass, first: first)
  }

  /// Adds the gradients of the parameters, from that of the features in ``pooling``.
  ///
  /// - Parameter ready: told that the gradients of this parameter and of all behind it are final.
  public func backward(_ pass: Pass, ready: ((Parameter) throws -> Void)?) throws {
    try pooling.backward(into: gradients.first.pointer, pass)
    try last.backward(gradients.first.pointer, into: gradients.trunk.pointer, pass)
    try ready?(last.firstParameter)
    for block in blocks.reversed() {
      try block.backward(pass)
      try ready?(block.firstParameter)
    }
    try stem.backward(gradients.trunk.pointer, into: nil, pass)
  }

  /// Adds the memory that a pass takes.
  public func estimate(_ pass: Pass, _ memory: inout MemoryEstimate) {
    let part = pass.training ? pass : Pass(batch: min(pass.batch, Self.imagesAtATime), training: false)
    input.estimate(part.batch, &memory)
    stem.estimate(part, &memory)
    for block in blocks { block.estimate(part, &memory) }
    last.estimate(part, &memory)
    memory.add(floats: (pass.training ? 2 : 1) * pass.batch * pooling.channels)
    if pass.training { for map in [stem.output, last.output] { gradients.estimate(map, pass.batch, &memory) } }
  }
}
