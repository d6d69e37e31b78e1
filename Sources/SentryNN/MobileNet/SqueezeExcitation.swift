import CSentryKernels

/// Squeeze and excitation (Hu et al. 2018), as MobileNetV3 has it: the mean of each channel goes through two small layers (ReLU between,
/// a hard sigmoid behind) to a factor for the channel. Named as torchvision's: `fc1`, `fc2`.
public final class SqueezeExcitation {
  public let output: ImageMap
  private let input: ImageMap
  private let reduce: Linear
  private let expand: Linear
  private let context: ComputeContext
  private let kernels: sentry_image_kernels
  /// [batch][channels], [batch][squeezed], [batch][channels] before and behind the hard sigmoid.
  private let (means, hidden, gates, factors) = (FloatBuffer(), FloatBuffer(), FloatBuffer(), FloatBuffer())
  private let (hiddenGradient, channelGradient) = (FloatBuffer(), FloatBuffer())
  private let zeros: FloatBuffer

  public init(_ name: String, of input: ImageMap, squeezed: Int, context: ComputeContext, in arena: ParameterArena)
    throws
  {
    (self.input, self.context, kernels) = (input, context, context.level.imageKernels)
    output = ImageMap(channels: input.channels, height: input.height, width: input.width)
    reduce = Linear(
      "\(name).fc1", inputs: input.channels, outputs: squeezed, kernelAxes: 2, context: context, in: arena)
    expand = Linear(
      "\(name).fc2", inputs: squeezed, outputs: input.channels, kernelAxes: 2, context: context, in: arena)
    zeros = try FloatBuffer(input.channels)
  }

  public func initialise(_ random: inout RandomStream) {
    for layer in [reduce, expand] {
      layer.weight.fillKaimingNormalFanOut(&random)
      layer.bias.fill(0)
    }
  }

  public func prepare(_ pass: Pass) throws {
    try output.reserve(pass.batch)
    for buffer in [means, gates, factors, channelGradient] { try buffer.reserve(pass.batch * input.channels) }
    for buffer in [hidden, hiddenGradient] { try buffer.reserve(pass.batch * reduce.outputs) }
  }

  public func estimate(_ pass: Pass, _ memory: inout MemoryEstimate) {
    output.estimate(pass.batch, &memory)
    memory.add(floats: pass.batch * (4 * input.channels + 2 * reduce.outputs))
  }

  public func forward(_ pass: Pass) throws {
    let (channels, area) = (input.channels, input.pixelsPerImage)
    try context.run(pass.batch) { image, workspace in
      workspace.timed(.forwardElementwise) {
        kernels.sum(area, channels, input.image(image), 1 / Float(area), means.pointer + image * channels)
      }
    }
    try reduce.forward(means.pointer, hidden.pointer, batch: pass.batch)
    for index in 0..<pass.batch * reduce.outputs where hidden.pointer[index] < 0 { hidden.pointer[index] = 0 }
    try expand.forward(hidden.pointer, gates.pointer, batch: pass.batch)
    try context.run(pass.batch) { image, workspace in
      workspace.timed(.forwardElementwise) {
        let (gate, factor) = (gates.pointer + image * channels, factors.pointer + image * channels)
        for channel in 0..<channels { factor[channel] = min(6, max(0, gate[channel] + 3)) / 6 }
        kernels.scale_shift(area, channels, input.image(image), factor, zeros.pointer, output.image(image))
      }
    }
  }

  /// Adds the gradients of the parameters.
  /// - Parameter gradient: of the output; becomes that of the input.
  func backward(_ gradient: UnsafeMutablePointer<Float>, _ pass: Pass) throws {
    let (channels, area) = (input.channels, input.pixelsPerImage)
    try context.run(pass.batch) { image, workspace in
      workspace.timed(.backwardElementwise) {
        let (gate, upstream) = (gates.pointer + image * channels, channelGradient.pointer + image * channels)
        kernels.product_sum(area, channels, gradient + input.count(image), input.image(image), upstream)
        for channel in 0..<channels { upstream[channel] = abs(gate[channel]) < 3 ? upstream[channel] / 6 : 0 }
      }
    }
    try expand.backward(hidden.pointer, channelGradient.pointer, dx: hiddenGradient.pointer, batch: pass.batch)
    for index in 0..<pass.batch * reduce.outputs where hidden.pointer[index] <= 0 { hiddenGradient.pointer[index] = 0 }
    try reduce.backward(means.pointer, hiddenGradient.pointer, dx: channelGradient.pointer, batch: pass.batch)
    try context.run(pass.batch) { image, workspace in
      workspace.timed(.backwardElementwise) {
        let share = channelGradient.pointer + image * channels
        for channel in 0..<channels { share[channel] /= Float(area) }
        kernels.scale_shift(
          area, channels, gradient + input.count(image), factors.pointer + image * channels, share,
          gradient + input.count(image))
      }
    }
  }
}
