/// A convolution over all channels, with zeros around the image: oneDNN's, image by image.
final class SpatialConvolution: ImageConvolution {
  let output: ImageMap
  private let input: ImageMap
  private let convolution: Convolution
  private let context: ComputeContext
  /// Nothing before the first layer trains.
  private let needsInputGradient: Bool

  init(
    _ name: String, from input: ImageMap, channels: Int, kernel: Int, stride: Int, needsInputGradient: Bool,
    context: ComputeContext, in arena: ParameterArena
  ) {
    (self.input, self.context, self.needsInputGradient) = (input, context, needsInputGradient)
    let shape = ConvolutionShape(
      images: 1, inputChannels: input.channels, height: input.height, width: input.width, outputChannels: channels,
      kernel: kernel, stride: stride, padding: kernel / 2)
    output = ImageMap(channels: channels, height: shape.outputHeight, width: shape.outputWidth)
    convolution = Convolution(name, shape, context: context, in: arena)
  }

  var weight: Parameter { convolution.weight }

  func prepare(_ pass: Pass) throws {
    try convolution.bind(images: 1, height: input.height, width: input.width)
    try convolution.prepare([.forward])
    if pass.training {
      try convolution.prepare((needsInputGradient ? [.data] : []) + (weight.trainable ? [.weights] : []))
    }
    try context.run(1) { _, workspace in try convolution.pack(workspace) }
  }

  private func elements(_ pointer: UnsafeMutablePointer<Float>) -> Elements {
    Elements(data: UnsafeMutableRawPointer(pointer), precision: .f32)
  }

  func forward(batch: Int, done: (Range<Int>, Workspace) throws -> Void) throws {
    let area = output.pixelsPerImage
    try context.run(batch) { image, workspace in
      try workspace.timed(.stem) {
        try convolution.forward(elements(input.image(image)), into: elements(output.image(image)), workspace)
      }
      try done(image * area..<(image + 1) * area, workspace)
    }
  }

  func backward(_ gradient: UnsafeMutablePointer<Float>, into dx: UnsafeMutablePointer<Float>?, batch: Int) throws {
    try context.run(batch) { image, workspace in
      let upstream = elements(gradient + output.count(image))
      if weight.trainable {
        try convolution.backwardWeights(elements(input.image(image)), upstream, .stem, workspace)
      }
      guard let dx else { return }
      try workspace.timed(.stem) { try convolution.backwardData(upstream, into: dx + input.count(image), workspace) }
    }
    if weight.trainable { try context.run(1) { _, workspace in try convolution.gatherGradient(workspace) } }
  }

  func parametersChanged() { convolution.weightsChanged() }

  func estimate(_ memory: inout MemoryEstimate) {
    memory.add(convolution, backward: true, .direct, pixels: 0)
  }
}
