/// A residual block of a temporal convolutional network (Bai, Kolter and Koltun 2018), of the same length:
/// conv-BN-ReLU-dropout-conv-BN, plus the input (through a 1×1 convolution where the widths differ), ReLU.
public final class TCNBlock {
  static let kernel = 3
  let conv1: Conv1d
  let conv2: Conv1d
  let bn1: BatchNorm1d
  let bn2: BatchNorm1d
  let downsample: Conv1d?
  let dropout: Dropout
  let context: ComputeContext
  let input: SequenceMap
  /// The gradient of the input, for what comes before; nil where nothing trains there.
  let inputGradient: SequenceMap?
  public let output: SequenceMap
  /// What ``backward(seed:)`` starts from, and changes.
  public let outputGradient: SequenceMap
  /// conv1's output, the hidden activations, conv2's output, the residual where it is not the input.
  let (inner, hidden, outer, residual): (SequenceMap, SequenceMap, SequenceMap, SequenceMap)
  /// The gradients of `inner` and `outer`.
  let (innerGradient, outerGradient): (SequenceMap, SequenceMap)

  /// - Parameters:
  ///   - input: with a margin of at least `dilation`.
  ///   - outputs: a multiple of 32.
  ///   - reach: the steps of zeros that the reader of the output needs.
  ///   - layer: of the drop-out.
  public init(
    _ name: String, from input: SequenceMap, inputGradient: SequenceMap?, outputs: Int, dilation: Int, reach: Int,
    dropout rate: Float, layer: UInt64, context: ComputeContext, in arena: ParameterArena
  ) throws {
    precondition(input.margin >= dilation, "the input of \(name) has a margin of \(input.margin), not \(dilation)")
    (self.input, self.inputGradient, self.context) = (input, inputGradient, context)
    conv1 = Conv1d(
      "\(name).conv1", inputs: input.channels, outputs: outputs, kernel: Self.kernel, dilation: dilation,
      context: context, in: arena)
    conv2 = Conv1d(
      "\(name).conv2", inputs: outputs, outputs: outputs, kernel: Self.kernel, dilation: dilation, context: context,
      in: arena)
    bn1 = try BatchNorm1d("\(name).bn1", channels: outputs, context: context, in: arena)
    bn2 = try BatchNorm1d("\(name).bn2", channels: outputs, context: context, in: arena)
    downsample =
      input.channels == outputs
      ? nil
      : Conv1d(
        "\(name).downsample", inputs: input.channels, outputs: outputs, kernel: 1, context: context, in: arena)
    dropout = Dropout(rate: rate, layer: layer)
    func map(_ margin: Int = 0) -> SequenceMap { SequenceMap(channels: outputs, margin: margin) }
    (inner, hidden, outer, output) = (map(), map(dilation), map(), map(reach))
    residual = downsample == nil ? input : map()
    (innerGradient, outerGradient, outputGradient) = (map(dilation), map(dilation), map())
  }

  private var convolutions: [Conv1d] { [conv1, conv2] + (downsample.map { [$0] } ?? []) }

  public func initialise(_ random: inout RandomStream) {
    for convolution in convolutions { convolution.initialise(&random) }
    for norm in [bn1, bn2] { norm.initialise() }
  }

  public func parametersChanged() { for convolution in convolutions { convolution.parametersChanged() } }

  /// Makes room for the input's shape.
  public func prepare() throws {
    for map in [inner, hidden, outer, output, residual] { try map.reserve(steps: input.steps, batch: input.batch) }
    for convolution in convolutions { try convolution.prepare(input) }
  }

  /// - Parameter seed: of the drop-out; nil drops nothing.
  public func forward(_ pass: Pass, seed: UInt64?) throws {
    let count = input.rows
    bn1.begin()
    try conv1.forwardByTiles(input, inner)
    try context.split(count) { rows, workspace in
      try conv1.forward(input, inner, rows: rows)
      if pass.training { bn1.gather(inner, rows: rows, workspace) }
    }
    try bn1.settle(count: count, pass)
    try context.split(count) { rows, _ in
      bn1.relu(inner, into: hidden, rows: rows)
      drop(rows, seed)
    }
    bn2.begin()
    try conv2.forwardByTiles(hidden, outer)
    try context.split(count) { rows, workspace in
      try conv2.forward(hidden, outer, rows: rows)
      if pass.training { bn2.gather(outer, rows: rows, workspace) }
      try downsample?.forward(input, residual, rows: rows)
    }
    try bn2.settle(count: count, pass)
    try context.split(count) { rows, _ in bn2.addReLU(outer, residual, into: output, rows: rows) }
  }

  private func drop(_ rows: Range<Int>, _ seed: UInt64?) {
    let width = hidden.channels
    dropout.apply(
      hidden.pointer, to: hidden.pointer, rows.lowerBound * width..<rows.upperBound * width,
      batch: hidden.batch, width: width, seed: seed, context)
  }

  /// From ``outputGradient`` to the input's gradient, adding those of the parameters.
  /// - Parameter seed: that of the forward pass for training.
  public func backward(seed: UInt64?) throws {
    let (count, width) = (input.rows, output.channels)
    for map in [innerGradient, outerGradient] { try map.reserve(steps: input.steps, batch: input.batch) }
    bn2.beginBackward()
    try context.split(count) { rows, workspace in
      bn2.gatherGradient(outputGradient, output: output, input: outer, into: outerGradient, rows: rows, workspace)
      let start = rows.lowerBound * width
      context.kernels.relu_backward(
        rows.count * width, outputGradient.pointer + start, output.pointer + start, outputGradient.pointer + start)
    }
    try bn2.settleGradient(count: count)
    try context.split(count) { rows, _ in bn2.completeGradient(outerGradient, input: outer, rows: rows) }
    bn1.beginBackward()
    try conv2.backwardDataByTiles(outerGradient, innerGradient, scale: dropout.scale(seed), adding: false)
    try context.split(count) { rows, workspace in
      // A dropped element is zero behind the ReLU, where the norm's gradient is cut; what was kept was scaled.
      try conv2.backwardData(outerGradient, innerGradient, rows: rows, scale: dropout.scale(seed), adding: false)
      bn1.gatherGradient(innerGradient, output: hidden, input: inner, into: innerGradient, rows: rows, workspace)
    }
    try bn1.settleGradient(count: count)
    try context.split(count) { rows, _ in bn1.completeGradient(innerGradient, input: inner, rows: rows) }
    try conv2.transformGradient(outerGradient)
    try conv1.transformGradient(innerGradient)
    try context.split(width, by: 16) { outputs, _ in
      try conv2.backwardWeights(hidden, outerGradient, outputs: outputs)
      try conv1.backwardWeights(input, innerGradient, outputs: outputs)
      try downsample?.backwardWeights(input, outputGradient, outputs: outputs)
    }
    guard let inputGradient else { return }
    try inputGradient.reserve(steps: input.steps, batch: input.batch)
    try context.split(count) { rows, _ in try backwardInput(inputGradient, rows) }
    try conv1.backwardDataByTiles(innerGradient, inputGradient, adding: true)
  }

  private func backwardInput(_ gradient: SequenceMap, _ rows: Range<Int>) throws {
    if let downsample {
      try downsample.backwardData(outputGradient, gradient, rows: rows, adding: false)
    } else {
      gradient.row(rows.lowerBound).update(
        from: outputGradient.row(rows.lowerBound), count: rows.count * gradient.channels)
    }
    try conv1.backwardData(innerGradient, gradient, rows: rows, adding: true)
  }
}
