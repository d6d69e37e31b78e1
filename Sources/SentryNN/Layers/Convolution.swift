/// A convolution's weights and all that is derived from them: packed copies for oneDNN and per-thread gradients.
///
/// Layers call it from parallel work with operands in the layout of its primitives; see ``bind(_:)``.
public final class Convolution {
  let weight: Parameter
  private let context: ComputeContext
  private(set) var shape: ConvolutionShape
  /// The shape that was asked for last.
  private var bound: ConvolutionShape?
  private var primitives: ConvolutionPrimitives?
  private var packed: [ConvolutionPrimitive.Direction: PackedWeights] = [:]
  private var gradients: PackedGradients?
  /// Where the algorithm is ours; then the passes are its own, and oneDNN's primitives are not asked for.
  private(set) var winograd: WinogradConvolution?

  /// - Parameter shape: its channels, kernel, stride and padding count; its images, height and width come with ``bind(_:)``.
  init(_ name: String, _ shape: ConvolutionShape, context: ComputeContext, in arena: ParameterArena) {
    (self.context, self.shape) = (context, shape)
    self.shape.precision = context.precision
    weight = arena.parameter("\(name).weight", shape.weights)
  }

  /// Chooses the primitives for inputs of `images` × `height` × `width`. The algorithm is a wish: where oneDNN has no
  /// Winograd for them, ``shape`` says `direct` afterwards.
  func bind(images: Int, height: Int, width: Int, algorithm: ConvolutionShape.Algorithm = .direct) throws {
    var wanted = shape
    (wanted.images, wanted.height, wanted.width, wanted.algorithm) = (images, height, width, algorithm)
    if wanted == bound { return }
    if algorithm == .ownWinograd {
      winograd = winograd ?? context.winograd(for: shape)
      (primitives, packed, gradients, shape, bound) = (nil, [:], nil, wanted, wanted)
      return
    }
    winograd = nil
    let chosen = try context.primitives(for: wanted)
    (primitives, shape, bound) = (chosen, chosen.shape, wanted)
  }

  private func primitive(_ direction: ConvolutionPrimitive.Direction) throws -> ConvolutionPrimitive {
    guard let primitives else {
      throw NNError(.invalidState, "\(weight.name) has no shape yet", hint: "run a forward pass first")
    }
    return try primitives.primitive(direction)
  }

  /// Builds what the directions need and marks packed weights whose layout has changed; before parallel work.
  func prepare(_ directions: [ConvolutionPrimitive.Direction]) throws {
    if let winograd { return try winograd.prepare(directions, context) }
    for direction in directions {
      let primitive = try primitive(direction)
      if direction == .weights {
        if gradients?.fits(primitive) != true {
          gradients = try PackedGradients(primitive, shape, context)
        }
      } else if packed[direction]?.fits(primitive) != true {
        packed[direction] = try PackedWeights(primitive, shape, context)
      }
    }
  }

  /// The values have changed: packed copies are stale.
  func weightsChanged() {
    winograd?.weightsChanged()
    for copy in packed.values { copy.isStale = true }
  }

  /// Packs again what is stale.
  func pack(_ workspace: Workspace) throws {
    winograd?.pack(weight.value)
    for copy in packed.values where copy.isStale { try copy.pack(weight.value, workspace) }
  }

  func forward(_ source: Elements, into destination: Elements, _ workspace: Workspace) throws {
    let primitive = try primitive(.forward)
    guard let weights = packed[.forward]?.values else { throw unprepared() }
    try primitive.run(workspace, source: source.data, weights: weights, destination: destination.data)
  }

  /// Sets the gradient of the input, which is f32 in any precision.
  func backwardData(_ gradient: Elements, into source: UnsafeMutablePointer<Float>, _ workspace: Workspace) throws {
    let primitive = try primitive(.data)
    guard let weights = packed[.data]?.values else { throw unprepared() }
    try primitive.run(workspace, source: source, weights: weights, destination: gradient.data)
  }

  /// Adds the weight gradient of these operands to the thread's own sum.
  func backwardWeights(
    _ source: Elements, _ gradient: Elements, _ operation: OperationClass, _ workspace: Workspace
  ) throws {
    guard let gradients else { throw unprepared() }
    try gradients.add(try primitive(.weights), source, gradient, operation, workspace)
  }

  /// Adds the threads' sums to the parameter's gradient and forgets them.
  func gatherGradient(_ workspace: Workspace) throws {
    try gradients?.gather(into: weight.gradient, workspace)
  }

  private func unprepared() -> NNError {
    NNError(.invalidState, "\(weight.name) is not prepared for this pass", hint: "run a training forward pass first")
  }
}
