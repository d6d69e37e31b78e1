import CSentryKernels

/// A 3×3 convolution by Winograd's F(4×4, 3×3) (Lavin and Gray 2016) on dense NHWC maps in f32: a quarter of the products.
///
/// oneDNN has it for AVX-512 alone. Inputs, weights and outputs are transformed to 36 points; at each stands one matrix product over
/// the channels. The gradients are the transposes of the same steps. Rounding costs some 1e-6 of the largest value, tenfold that of
/// the direct sum.
final class WinogradConvolution {
  /// What norm and ReLU do to the input before it is convolved: max(0, x · scale + shift).
  struct Norm {
    let scale: UnsafePointer<Float>
    let shift: UnsafePointer<Float>
  }

  /// How a gradient passes through them on its way back: see `output_norm_gradient`.
  struct NormGradient {
    let norm: Norm
    let mean: UnsafePointer<Float>
    let factor: UnsafePointer<Float>
    let sums: Sums
  }

  /// Two sums for each channel, of its values and their squares, or of its gradients and their products.
  typealias Sums = (first: UnsafeMutablePointer<Double>, second: UnsafeMutablePointer<Double>)

  let inputs: Int
  let outputs: Int
  let kernels: sentry_winograd
  let plain: sentry_kernels
  /// Weights at their points: [36][inputs][outputs], and [36][outputs][inputs] for the gradient of the input.
  let (forwardPoints, turnedPoints) = (FloatBuffer(), FloatBuffer())
  private(set) var isStale = true
  /// Its name among oneDNN's.
  let implementation: String

  init(_ shape: ConvolutionShape, _ context: ComputeContext) {
    (inputs, outputs) = (shape.inputChannels, shape.outputChannels)
    (kernels, plain) = (context.level.winogradKernels, context.kernels)
    implementation = "sentry_wino:\(context.level.rawValue)"
  }

  var planeOfWeights: Int { inputs * outputs }

  /// Makes room for what the directions need.
  func prepare(_ directions: [ConvolutionPrimitive.Direction], _ context: ComputeContext) throws {
    let count = WinogradPoint.count * planeOfWeights
    for (direction, points) in [(.forward, forwardPoints), (.data, turnedPoints)] as [Packed]
    where directions.contains(direction) && points.capacity == 0 {
      try points.reserve(count)
      isStale = true
    }
    for workspace in context.workspaces { workspace.hasWinogradSum = false }
  }

  private typealias Packed = (ConvolutionPrimitive.Direction, FloatBuffer)

  func weightsChanged() { isStale = true }

  /// Transforms the weights again if they have changed.
  func pack(_ weights: UnsafePointer<Float>) {
    guard isStale else { return }
    if forwardPoints.capacity > 0 { kernels.weights(inputs, outputs, weights, 0, forwardPoints.pointer) }
    if turnedPoints.capacity > 0 { kernels.weights(inputs, outputs, weights, 1, turnedPoints.pointer) }
    isStale = false
  }

  /// A thread's own memory for a part.
  struct Scratch {
    let (inputs, outputs, transform):
      (
        UnsafeMutablePointer<Float>, UnsafeMutablePointer<Float>, UnsafeMutablePointer<Float>
      )

    init(_ convolution: WinogradConvolution, _ workspace: Workspace) throws {
      let start = try workspace.scratch(
        .primitive, WinogradConvolution.scratchFloats(convolution.inputs, convolution.outputs))
      transform = start
      inputs = transform + WinogradConvolution.transformFloats(convolution.inputs, convolution.outputs)
      outputs = inputs + WinogradTiles.floats(convolution.inputs)
    }
  }

  private static func transformFloats(_ inputs: Int, _ outputs: Int) -> Int {
    WinogradPoint.count * max(inputs, outputs, 32)
  }

  static func scratchFloats(_ inputs: Int, _ outputs: Int) -> Int {
    transformFloats(inputs, outputs) + WinogradTiles.floats(inputs) + WinogradTiles.floats(outputs)
  }
}

extension WinogradConvolution.Norm {
  init(_ norm: BatchNorm) { self.init(scale: norm.scale, shift: norm.shift) }
}
