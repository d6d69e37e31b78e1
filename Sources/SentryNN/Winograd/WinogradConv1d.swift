import CSentryKernels

/// A convolution over time with three taps by Winograd's F(4, 3): half of the products. Four outputs are a tile; with a dilation of d
/// they are d steps apart, and each of d sequences of steps has tiles of its own.
final class WinogradConv1d {
  static let points = 6
  let inputs: Int
  let outputs: Int
  let dilation: Int
  let kernels: sentry_winograd
  /// Weights at their points, and turned for the gradient of the input.
  private let (forwardPoints, turnedPoints) = (FloatBuffer(), FloatBuffer())
  /// The input, kept for the gradient of the weights, and the gradient of the output: [6][tiles · batch][channels].
  private let (inputPoints, gradientPoints) = (FloatBuffer(), FloatBuffer())
  private var isStale = true
  /// [6][inputs][outputs]
  private let weightPoints = FloatBuffer()

  init(inputs: Int, outputs: Int, dilation: Int, kernels: sentry_winograd) {
    (self.inputs, self.outputs, self.dilation, self.kernels) = (inputs, outputs, dilation, kernels)
  }

  /// Before parallel work: room for an input's shape.
  func reserve(_ tiles: StepTiles) throws {
    for buffer in [forwardPoints, turnedPoints, weightPoints] { try buffer.reserve(Self.points * inputs * outputs) }
    try inputPoints.reserve(Self.points * tiles.rows * inputs)
    try gradientPoints.reserve(Self.points * tiles.rows * outputs)
  }

  func parametersChanged() { isStale = true }

  func packIfStale(_ weights: UnsafePointer<Float>) {
    guard isStale else { return }
    kernels.line_weights(inputs, outputs, weights, 0, forwardPoints.pointer)
    kernels.line_weights(inputs, outputs, weights, 1, turnedPoints.pointer)
    isStale = false
  }

  /// The outputs of some rows of tiles.
  func forward(
    _ x: SequenceMap, _ y: SequenceMap, _ tiles: StepTiles, rows: Range<Int>, bias: UnsafePointer<Float>,
    _ workspace: Workspace
  ) throws {
    let plane = tiles.rows * inputs
    for part in tiles.parts(of: rows) {
      for piece in tiles.pieces(of: part) {
        kernels.line_input(
          piece.count * inputs, x.step(piece.step - dilation, row: piece.first), dilation * x.batch * inputs,
          tiles.validInputs(piece), inputPoints.pointer + piece.row * inputs, plane)
      }
      let result = try workspace.scratch(.output, Self.points * part.count * outputs)
      multiply(
        inputPoints.pointer + part.lowerBound * inputs, plane, inputs, part.count, forwardPoints, outputs, result)
      for piece in tiles.pieces(of: part) {
        kernels.line_output(
          piece.count, outputs, result + (piece.row - part.lowerBound) * outputs, part.count * outputs, bias, 1, 0,
          y.step(piece.step, row: piece.first), dilation * y.batch * outputs, tiles.validOutputs(piece))
      }
    }
  }

  /// The gradient of the input, times `scale`; with `adding` on top of what is there.
  func backwardData(
    _ dy: SequenceMap, _ dx: SequenceMap, _ tiles: StepTiles, rows: Range<Int>, scale: Float, adding: Bool,
    _ workspace: Workspace
  ) throws {
    for part in tiles.parts(of: rows) {
      let slopes = try workspace.scratch(.activation, Self.points * part.count * outputs)
      let plane = part.count * outputs
      for piece in tiles.pieces(of: part) {
        kernels.line_input(
          piece.count * outputs, dy.step(piece.step - dilation, row: piece.first), dilation * dy.batch * outputs,
          tiles.validInputs(piece), slopes + (piece.row - part.lowerBound) * outputs, plane)
      }
      let result = try workspace.scratch(.output, Self.points * part.count * inputs)
      multiply(slopes, plane, outputs, part.count, turnedPoints, inputs, result)
      for piece in tiles.pieces(of: part) {
        kernels.line_output(
          piece.count, inputs, result + (piece.row - part.lowerBound) * inputs, part.count * inputs, nil, scale,
          adding ? 1 : 0, dx.step(piece.step, row: piece.first), dilation * dx.batch * inputs,
          tiles.validOutputs(piece))
      }
    }
  }

  private func multiply(
    _ a: UnsafePointer<Float>, _ plane: Int, _ depth: Int, _ rows: Int, _ weights: FloatBuffer, _ columns: Int,
    _ result: UnsafeMutablePointer<Float>
  ) {
    for point in 0..<Self.points {
      kernels.product(
        rows, columns, depth, a + point * plane, depth, 1, weights.pointer + point * inputs * outputs, 16, 16 * depth,
        result + point * rows * columns, columns, 0)
    }
  }

  /// Brings the gradient of the outputs to the points of some rows of tiles: before ``backwardWeights(_:outputs:into:)``.
  func transform(_ dy: SequenceMap, _ tiles: StepTiles, rows: Range<Int>) {
    for piece in tiles.pieces(of: rows) {
      kernels.line_output_gradient(
        piece.count * outputs, dy.step(piece.step, row: piece.first), dilation * dy.batch * outputs,
        tiles.validOutputs(piece), gradientPoints.pointer + piece.row * outputs, tiles.rows * outputs)
    }
  }

  /// Adds the gradient of the weights of some outputs, a multiple of 16, with the input of the last forward pass.
  func backwardWeights(_ tiles: StepTiles, outputs range: Range<Int>, into gradient: UnsafeMutablePointer<Float>) {
    let depth = 192
    for point in 0..<Self.points {
      let (x, dy) = (
        inputPoints.pointer + point * tiles.rows * inputs, gradientPoints.pointer + point * tiles.rows * outputs
      )
      for first in stride(from: 0, to: tiles.rows, by: depth) {
        kernels.product(
          inputs, range.count, min(depth, tiles.rows - first), x + first * inputs, 1, inputs,
          dy + first * outputs + range.lowerBound, outputs, 16,
          weightPoints.pointer + point * inputs * outputs + range.lowerBound, outputs, first > 0 ? 1 : 0)
      }
    }
    kernels.line_weights_gradient(inputs, outputs, range.lowerBound, range.count, weightPoints.pointer, gradient)
  }
}
