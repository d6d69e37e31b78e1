/// One layer of an LSTM (Hochreiter and Schmidhuber 1997, with forget gates) with PyTorch's parameters: gates in the order
/// i, f, g, o, two biases, states that begin as zeros.
///
/// The inputs of all steps go through one matrix product. The recurrence then runs with the batch split over the threads,
/// each going through all steps on its own.
final class LSTMLayer {
  let inputWeight: Parameter
  let hiddenWeight: Parameter
  let inputBias: Parameter
  let hiddenBias: Parameter
  let hidden: Int
  let input: SequenceMap
  /// h of every step; the margin before the first is its initial state.
  let output: SequenceMap
  /// [4 · hidden] a row: i, f, g, o after their activations; after the backward pass the gradients before them.
  let gates: SequenceMap
  let cell: SequenceMap
  /// tanh of the cell.
  let squashed: SequenceMap
  let context: ComputeContext
  /// [hidden][4 · hidden], for our own product in groups of 16 columns; and both biases together.
  private let (transposed, bias) = (FloatBuffer(), FloatBuffer())
  private var isStale = true
  /// [batch][hidden]: what reaches h and c of a step from the one after it.
  let (outputCarry, cellCarry) = (FloatBuffer(), FloatBuffer())

  init(
    _ name: String, suffix: String, from input: SequenceMap, hidden: Int, context: ComputeContext,
    in arena: ParameterArena
  ) {
    precondition(hidden % 16 == 0, "an LSTM of \(hidden) units, not a multiple of 16")
    (self.input, self.hidden, self.context) = (input, hidden, context)
    inputWeight = arena.parameter("\(name).weight_ih_\(suffix)", [4 * hidden, input.channels])
    hiddenWeight = arena.parameter("\(name).weight_hh_\(suffix)", [4 * hidden, hidden])
    inputBias = arena.parameter("\(name).bias_ih_\(suffix)", [4 * hidden])
    hiddenBias = arena.parameter("\(name).bias_hh_\(suffix)", [4 * hidden])
    output = SequenceMap(channels: hidden, margin: 1)
    cell = SequenceMap(channels: hidden, margin: 1)
    squashed = SequenceMap(channels: hidden)
    gates = SequenceMap(channels: 4 * hidden)
  }

  /// As PyTorch's begin: uniform within ±1/√hidden.
  func initialise(_ random: inout RandomStream) {
    for parameter in [inputWeight, hiddenWeight, inputBias, hiddenBias] {
      parameter.fillUniform(fanIn: hidden, &random)
    }
  }

  func parametersChanged() { isStale = true }

  func prepare() throws {
    for map in [output, cell, squashed, gates] { try map.reserve(steps: input.steps, batch: input.batch) }
    guard isStale else { return }
    try transposed.reserve(hiddenWeight.count)
    let (source, target, width) = (hiddenWeight.value, transposed.pointer, 4 * hidden)
    try bias.reserve(width)
    let (sum, inputs, states) = (bias.pointer, inputBias.value, hiddenBias.value)
    for gate in 0..<width { sum[gate] = inputs[gate] + states[gate] }
    let (row, group) = context.level.prefersOwnProduct ? (16, 16 * hidden) : (width, 16)
    try context.split(hidden) { units, _ in
      for unit in units {
        for gate in 0..<width { target[unit * row + gate / 16 * group + gate % 16] = source[gate * hidden + unit] }
      }
    }
    isStale = false
  }

  /// Adds what some rows' states give to their gates.
  private func recur(_ state: UnsafePointer<Float>, _ rows: Int, _ gates: UnsafeMutablePointer<Float>) throws {
    let width = 4 * hidden
    if context.level.prefersOwnProduct {
      context.level.winogradKernels.product(
        rows, width, hidden, state, hidden, 1, transposed.pointer, 16, 16 * hidden, gates, width, 1)
    } else {
      try multiply(
        Matrix(state, stride: hidden), Matrix(transposed.pointer, stride: width), rows: rows, columns: width,
        depth: hidden, into: gates, stride: width, adding: true)
    }
  }

  func forward() throws {
    let width = 4 * hidden
    try context.split(input.rows) { rows, _ in
      for row in rows { gates.row(row).update(from: bias.pointer, count: width) }
      try multiply(
        Matrix(input.row(rows.lowerBound), stride: input.channels),
        Matrix(inputWeight.value, stride: input.channels).transpose, rows: rows.count, columns: width,
        depth: input.channels, into: gates.row(rows.lowerBound), stride: width, adding: true)
    }
    try context.split(input.batch) { rows, _ in
      let first = rows.lowerBound
      for step in 0..<input.steps {
        let gate = gates.step(step, row: first)
        if step > 0 { try recur(output.step(step - 1, row: first), rows.count, gate) }
        context.kernels.lstm_cell(
          rows.count, hidden, gate, cell.step(step - 1, row: first), cell.step(step, row: first),
          squashed.step(step, row: first), output.step(step, row: first))
      }
    }
  }
}
