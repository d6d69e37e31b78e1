/// MobileNetV3's block (Howard et al. 2019): expand by a 1×1 convolution, filter each channel, squeeze and excite, project back; the
/// input is added where the shape stays. Named as torchvision's: `block.0`, `block.1`, …
public final class InvertedResidual {
  public struct Shape: Sendable {
    public let kernel: Int
    public let expanded: Int
    public let channels: Int
    public let excites: Bool
    public let activation: ConvolutionNorm.Activation
    public let stride: Int

    public init(
      kernel: Int, expanded: Int, channels: Int, excites: Bool, activation: ConvolutionNorm.Activation, stride: Int
    ) {
      (self.kernel, self.expanded, self.channels) = (kernel, expanded, channels)
      (self.excites, self.activation, self.stride) = (excites, activation, stride)
    }

    /// A quarter of the expanded channels, to a multiple of 8, never below 90 % of it.
    public var squeezed: Int {
      let wanted = expanded / 4
      let rounded = max(8, (wanted + 4) / 8 * 8)
      return 10 * rounded < 9 * wanted ? rounded + 8 : rounded
    }
  }

  private let input: ImageMap
  private let expand: ConvolutionNorm?
  private let filter: ConvolutionNorm
  private let excitation: SqueezeExcitation?
  private let project: ConvolutionNorm
  private let addsInput: Bool
  private let gradients: ImageGradients
  private let context: ComputeContext

  public init(
    _ name: String, _ shape: Shape, from input: ImageMap, norm: BatchNorm.Settings, gradients: ImageGradients,
    context: ComputeContext, in arena: ParameterArena
  ) throws {
    (self.input, self.gradients, self.context) = (input, gradients, context)
    addsInput = shape.stride == 1 && shape.channels == input.channels
    var part = 0
    func next() -> String {
      defer { part += 1 }
      return "\(name).block.\(part)"
    }
    expand =
      shape.expanded == input.channels
      ? nil
      : try ConvolutionNorm(
        next(), from: input, channels: shape.expanded, activation: shape.activation, norm: norm, context: context,
        in: arena)
    filter = try ConvolutionNorm(
      next(), from: expand?.output ?? input, channels: shape.expanded, kernel: shape.kernel, stride: shape.stride,
      reach: .depthwise, activation: shape.activation, norm: norm, context: context, in: arena)
    excitation =
      shape.excites
      ? try SqueezeExcitation(next(), of: filter.output, squeezed: shape.squeezed, context: context, in: arena) : nil
    project = try ConvolutionNorm(
      next(), from: excitation?.output ?? filter.output, channels: shape.channels, activation: .none, norm: norm,
      context: context, in: arena)
  }

  public var output: ImageMap { project.output }

  public var firstParameter: Parameter { (expand ?? filter).firstParameter }

  private var convolutions: [ConvolutionNorm] { [expand, filter, project].compactMap(\.self) }

  public func initialise(_ random: inout RandomStream) {
    expand?.initialise(&random)
    filter.initialise(&random)
    excitation?.initialise(&random)
    project.initialise(&random)
  }

  public func parametersChanged() { for convolution in convolutions { convolution.parametersChanged() } }

  public func prepare(_ pass: Pass) throws {
    for convolution in convolutions { try convolution.prepare(pass) }
    try excitation?.prepare(pass)
    guard pass.training else { return }
    for map in [input] + convolutions.map(\.output) { try gradients.reserve(map, pass.batch) }
  }

  public func estimate(_ pass: Pass, _ memory: inout MemoryEstimate) {
    for convolution in convolutions { convolution.estimate(pass, &memory) }
    excitation?.estimate(pass, &memory)
    guard pass.training else { return }
    for map in [input] + convolutions.map(\.output) { gradients.estimate(map, pass.batch, &memory) }
  }

  public func forward(_ pass: Pass) throws {
    try expand?.forward(pass)
    try filter.forward(pass)
    try excitation?.forward(pass)
    try project.forward(pass)
    if addsInput { try add(input.pointer, to: output.pointer, output.count(pass.batch)) }
  }

  /// From the gradient of the output to that of the input, both in the trunk.
  public func backward(_ pass: Pass) throws {
    let (trunk, first, second) = (gradients.trunk.pointer, gradients.first.pointer, gradients.second.pointer)
    if addsInput {
      try context.split(output.count(pass.batch)) { range, _ in
        (first + range.lowerBound).update(from: trunk + range.lowerBound, count: range.count)
      }
    }
    try project.backward(addsInput ? first : trunk, into: second, pass)
    try excitation?.backward(second, pass)
    let last: UnsafeMutablePointer<Float>
    if let expand {
      try filter.backward(second, into: first, pass)
      last = addsInput ? second : trunk
      try expand.backward(first, into: last, pass)
    } else {
      last = addsInput ? first : trunk
      try filter.backward(second, into: last, pass)
    }
    if addsInput { try add(last, to: trunk, input.count(pass.batch)) }
  }

  private func add(_ source: UnsafePointer<Float>, to target: UnsafeMutablePointer<Float>, _ count: Int) throws {
    try context.split(count, by: 16) { range, _ in
      context.kernels.add(range.count, source + range.lowerBound, target + range.lowerBound)
    }
  }
}
