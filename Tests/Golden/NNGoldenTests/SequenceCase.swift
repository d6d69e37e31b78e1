import SentryThreads

@testable import SentryNN

/// One sequence layer between an input and an output, [batch][steps][channels] outside; names as in
/// make_sequence_fixtures.py.
final class SequenceCase {
  let context: ComputeContext
  let arena = ParameterArena()
  let input: SequenceMap
  let inputGradient: SequenceMap
  private var run: (Pass) throws -> SequenceMap = { _ in throw NNError(.invalidState, "no layer", hint: "") }
  /// From the gradient of the output, which has a margin of 4.
  private var back: (SequenceMap) throws -> Void = { _ in }
  private(set) var parametersChanged: () -> Void = {}
  private let gradient: SequenceMap
  private var outputSteps = 0

  private init(channels: Int, outputs: Int, threads: Int) throws {
    context = try ComputeContext(executor: try ThreadPool(threadCount: threads), maximumChannels: 64)
    input = SequenceMap(channels: channels, margin: 4)
    inputGradient = SequenceMap(channels: channels)
    gradient = SequenceMap(channels: outputs, margin: 4)
  }

  static func make(_ name: String, threads: Int) throws -> SequenceCase {
    switch name {
    case "conv": try conv(threads)
    case "batch-norm": try batchNorm(threads)
    case "layer-norm": try layerNorm(threads)
    case "block": try block(inputs: 5, dilation: 2, threads)
    case "block-identity": try block(inputs: 32, dilation: 1, threads)
    case "lstm": try lstm(last: false, threads)
    default: try lstm(last: true, threads)
    }
  }

  private static func conv(_ threads: Int) throws -> SequenceCase {
    let this = try SequenceCase(channels: 5, outputs: 16, threads: threads)
    let (context, input, dx) = (this.context, this.input, this.inputGradient)
    let conv = Conv1d("conv", inputs: 5, outputs: 16, kernel: 3, dilation: 2, context: context, in: this.arena)
    let output = SequenceMap(channels: 16)
    this.run = { _ in
      try output.reserve(steps: input.steps, batch: input.batch)
      try conv.prepare(input)
      try context.split(input.rows) { rows, _ in try conv.forward(input, output, rows: rows) }
      return output
    }
    this.back = { gradient in
      try context.split(input.rows) { rows, _ in try conv.backwardData(gradient, dx, rows: rows, adding: false) }
      try context.split(16, by: 4) { range, _ in try conv.backwardWeights(input, gradient, outputs: range) }
    }
    this.parametersChanged = conv.parametersChanged
    try this.arena.seal()
    return this
  }

  private static func batchNorm(_ threads: Int) throws -> SequenceCase {
    let this = try SequenceCase(channels: 32, outputs: 32, threads: threads)
    let (context, input, dx) = (this.context, this.input, this.inputGradient)
    let norm = try BatchNorm1d("bn", channels: 32, context: context, in: this.arena)
    let output = SequenceMap(channels: 32)
    this.run = { pass in
      try output.reserve(steps: input.steps, batch: input.batch)
      norm.begin()
      try context.split(input.rows) { rows, workspace in norm.gather(input, rows: rows, workspace) }
      try norm.settle(count: input.rows, pass)
      try context.split(input.rows) { rows, _ in norm.relu(input, into: output, rows: rows) }
      return output
    }
    this.back = { gradient in
      norm.beginBackward()
      try context.split(input.rows) { rows, workspace in
        norm.gatherGradient(gradient, output: output, input: input, into: dx, rows: rows, workspace)
      }
      try norm.settleGradient(count: input.rows)
      try context.split(input.rows) { rows, _ in norm.completeGradient(dx, input: input, rows: rows) }
    }
    try this.arena.seal()
    return this
  }

  private static func layerNorm(_ threads: Int) throws -> SequenceCase {
    let this = try SequenceCase(channels: 32, outputs: 32, threads: threads)
    let (input, dx) = (this.input, this.inputGradient)
    let norm = LayerNorm("norm", features: 32, context: this.context, in: this.arena)
    let output = SequenceMap(channels: 32)
    this.run = { _ in
      try output.reserve(steps: input.steps, batch: input.batch)
      try norm.forward(input.pointer, output.pointer, batch: input.rows)
      return output
    }
    this.back = { try norm.backward($0.pointer, dx: dx.pointer, batch: input.rows) }
    try this.arena.seal()
    return this
  }

  private static func block(inputs: Int, dilation: Int, _ threads: Int) throws -> SequenceCase {
    let this = try SequenceCase(channels: inputs, outputs: 32, threads: threads)
    let block = try TCNBlock(
      "block", from: this.input, inputGradient: this.inputGradient, outputs: 32, dilation: dilation, reach: 0,
      dropout: 0.2, layer: 1, context: this.context, in: this.arena)
    this.run = { pass in
      try block.prepare()
      try block.forward(pass, seed: nil)
      return block.output
    }
    this.back = { gradient in
      try block.outputGradient.reserve(steps: gradient.steps, batch: gradient.batch)
      block.outputGradient.pointer.update(from: gradient.pointer, count: gradient.rows * gradient.channels)
      try block.backward(seed: nil)
    }
    this.parametersChanged = block.parametersChanged
    try this.arena.seal()
    return this
  }

  private static func lstm(last: Bool, _ threads: Int) throws -> SequenceCase {
    let this = try SequenceCase(channels: 5, outputs: 16, threads: threads)
    let lstm = LSTM(
      "lstm", from: this.input, inputGradient: this.inputGradient, hidden: 16, layers: 2, dropout: 0.2, layer: 1,
      context: this.context, in: this.arena)
    let end = SequenceMap(channels: 16)
    this.run = { _ in
      try lstm.forward(seed: nil)
      guard last else { return lstm.output }
      try end.reserve(steps: 1, batch: lstm.output.batch)
      end.pointer.update(from: lstm.last, count: end.rows * end.channels)
      return end
    }
    this.back = { try lstm.backward(last ? .last(UnsafePointer($0.pointer)) : .all($0), seed: nil) }
    this.parametersChanged = lstm.parametersChanged
    try this.arena.seal()
    return this
  }

  func forward(_ values: [Float], batch: Int, steps: Int, training: Bool = true) throws -> [Float] {
    try input.reserve(steps: steps, batch: batch)
    input.fill(batchMajor: values)
    let output = try run(Pass(batch: batch, training: training))
    outputSteps = output.steps
    return output.batchMajor
  }

  /// The input's gradient.
  func backward(_ values: [Float]) throws -> [Float] {
    arena.clearGradients()
    try gradient.reserve(steps: outputSteps, batch: input.batch)
    try inputGradient.reserve(steps: input.steps, batch: input.batch)
    gradient.fill(batchMajor: values)
    try back(gradient)
    return inputGradient.batchMajor
  }
}

extension SequenceMap {
  var batchMajor: [Float] {
    (0..<batch).flatMap { sample in
      (0..<steps).flatMap { Array(UnsafeBufferPointer(start: step($0, row: sample), count: channels)) }
    }
  }
}

/// `fill` of make_sequence_fixtures.py.
func fillSequenceState(_ parameters: [Parameter], _ buffers: [Buffer], seed: UInt64) {
  for (index, parameter) in parameters.enumerated() {
    let (low, high): (Double, Double)
    if parameter.shape.count > 1 {
      let fan = Double(parameter.shape.dropFirst().reduce(1, *))
      high = ((parameter.shape.count == 3 ? 6 : 1) / fan).squareRoot()
      low = -high
    } else {
      (low, high) = parameter.name.hasSuffix("weight") ? (0.5, 1.5) : (-0.2, 0.2)
    }
    let values = uniform(seed + UInt64(index), parameter.count, low, high)
    parameter.value.update(from: values, count: values.count)
  }
  for (index, buffer) in buffers.enumerated() where buffer.name.contains("running") {
    guard case .float32(let pointer) = buffer.storage else { continue }
    let (low, high) = buffer.name.hasSuffix("mean") ? (-0.3, 0.3) : (0.5, 1.5)
    let values = uniform(seed + 10_000 + UInt64(index), buffer.shape[0], low, high)
    pointer.update(from: values, count: values.count)
  }
}
