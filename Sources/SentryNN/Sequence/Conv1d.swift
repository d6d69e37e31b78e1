/// A convolution over time with dilation and bias, of the same length: one matrix product for each tap of its kernel, over
/// all time steps of all sequences at once.
public final class Conv1d {
  public let weight: Parameter
  public let bias: Parameter
  let inputs: Int
  let outputs: Int
  private let kernel: Int
  private let dilation: Int
  private let context: ComputeContext
  /// [kernel][outputs][inputs]: each tap's weights as one matrix, and their gradient likewise.
  private let (taps, tapGradients) = (FloatBuffer(), FloatBuffer())
  private var isStale = true
  /// Where it multiplies less: by level and by shape.
  private var winograd: WinogradConv1d?

  /// - Parameter kernel: odd.
  public init(
    _ name: String, inputs: Int, outputs: Int, kernel: Int, dilation: Int = 1, context: ComputeContext,
    in arena: ParameterArena
  ) {
    precondition(kernel % 2 == 1, "a convolution of the same length has an odd kernel, not \(kernel)")
    (self.inputs, self.outputs, self.kernel, self.dilation) = (inputs, outputs, kernel, dilation)
    self.context = context
    if kernel == 3, inputs % 16 == 0, outputs % 16 == 0, context.level.winograd(.f32) == .ownWinograd {
      winograd = WinogradConv1d(
        inputs: inputs, outputs: outputs, dilation: dilation, kernels: context.level.winogradKernels)
    }
    weight = arena.parameter("\(name).weight", [outputs, inputs, kernel])
    bias = arena.parameter("\(name).bias", [outputs])
  }

  /// The steps of zeros that its input, and the gradient of its output, need at either end.
  var reach: Int { kernel / 2 * dilation }

  public func initialise(_ random: inout RandomStream) {
    weight.fillKaimingNormalFanOut(&random)
    bias.fillUniform(fanIn: inputs * kernel, &random)
  }

  public func parametersChanged() {
    isStale = true
    winograd?.parametersChanged()
  }

  /// Winograd's tiles for an input of this shape; nil where the direct sum is faster.
  private func tiles(_ x: SequenceMap) -> StepTiles? {
    guard winograd != nil else { return nil }
    let tiles = StepTiles(x, dilation: dilation)
    return tiles.areWorthwhile ? tiles : nil
  }

  /// Before parallel work on an input of this shape.
  func prepare(_ x: SequenceMap) throws {
    if let winograd, let tiles = tiles(x) {
      try winograd.reserve(tiles)
      winograd.packIfStale(weight.value)
      return
    }
    guard isStale else { return }
    try taps.reserve(weight.count)
    try tapGradients.reserve(weight.count)
    let (source, target) = (weight.value, taps.pointer)
    try context.split(outputs) { range, _ in
      for index in range.lowerBound * inputs..<range.upperBound * inputs {
        for tap in 0..<kernel { target[tap * outputs * inputs + index] = source[index * kernel + tap] }
      }
    }
    isStale = false
  }

  // What Winograd's form does is cut into tiles and not into rows. So it comes first, by all threads, and the work on rows behind it
  // finds it done.

  /// The whole output, if that is Winograd's; else ``forward(_:_:rows:)`` does it.
  func forwardByTiles(_ x: SequenceMap, _ y: SequenceMap) throws {
    guard let winograd, let tiles = tiles(x) else { return }
    try context.split(tiles.rows) { rows, workspace in
      try winograd.forward(x, y, tiles, rows: rows, bias: bias.value, workspace)
    }
  }

  /// The whole gradient of the input likewise, before ``backwardData(_:_:rows:scale:adding:)``.
  func backwardDataByTiles(_ dy: SequenceMap, _ dx: SequenceMap, scale: Float = 1, adding: Bool) throws {
    guard let winograd, let tiles = tiles(dy) else { return }
    try context.split(tiles.rows) { rows, workspace in
      try winograd.backwardData(dy, dx, tiles, rows: rows, scale: scale, adding: adding, workspace)
    }
  }

  /// Before ``backwardWeights(_:_:outputs:)``, likewise.
  func transformGradient(_ dy: SequenceMap) throws {
    guard weight.trainable, let winograd, let tiles = tiles(dy) else { return }
    try context.split(tiles.rows) { rows, _ in winograd.transform(dy, tiles, rows: rows) }
  }

  /// Some rows of the output. Called from parallel work.
  func forward(_ x: SequenceMap, _ y: SequenceMap, rows: Range<Int>) throws {
    guard tiles(x) == nil else { return }
    for row in rows { y.row(row).update(from: bias.value, count: outputs) }
    for tap in 0..<kernel {
      try multiply(
        Matrix(x.row(rows.lowerBound + shift(tap, x)), stride: inputs),
        Matrix(taps.pointer + tap * outputs * inputs, stride: inputs).transpose, rows: rows.count, columns: outputs,
        depth: inputs, into: y.row(rows.lowerBound), stride: outputs, adding: true)
    }
  }

  /// Some rows of the input's gradient, times `scale`; with `adding` on top of what is there. Called from parallel work.
  func backwardData(_ dy: SequenceMap, _ dx: SequenceMap, rows: Range<Int>, scale: Float = 1, adding: Bool) throws {
    guard tiles(dy) == nil else { return }
    for tap in 0..<kernel {
      try multiply(
        Matrix(dy.row(rows.lowerBound - shift(tap, dy)), stride: outputs),
        Matrix(taps.pointer + tap * outputs * inputs, stride: inputs), rows: rows.count, columns: inputs,
        depth: outputs, into: dx.row(rows.lowerBound), stride: inputs, scale: scale, adding: adding || tap > 0)
    }
  }

  /// Adds the gradients of the weights and biases of some outputs. Called from parallel work.
  func backwardWeights(_ x: SequenceMap, _ dy: SequenceMap, outputs range: Range<Int>) throws {
    if bias.trainable {
      for row in 0..<dy.rows {
        context.kernels.add(range.count, dy.row(row) + range.lowerBound, bias.gradient + range.lowerBound)
      }
    }
    guard weight.trainable else { return }
    if let winograd, let tiles = tiles(x) {
      return winograd.backwardWeights(tiles, outputs: range, into: weight.gradient)
    }
    for tap in 0..<kernel {
      try multiply(
        Matrix(dy.pointer + range.lowerBound, stride: outputs).transpose, Matrix(x.row(shift(tap, x)), stride: inputs),
        rows: range.count, columns: inputs, depth: dy.rows,
        into: tapGradients.pointer + (tap * outputs + range.lowerBound) * inputs, stride: inputs, adding: false)
    }
    let (source, target) = (tapGradients.pointer, weight.gradient)
    for index in range.lowerBound * inputs..<range.upperBound * inputs {
      for tap in 0..<kernel { target[index * kernel + tap] += source[tap * outputs * inputs + index] }
    }
  }

  /// Rows between an output and the input that a tap reads.
  private func shift(_ tap: Int, _ map: SequenceMap) -> Int { (tap - kernel / 2) * dilation * map.batch }
}
