import Glibc

extension LSTMLayer {
  /// Backward through time: adds the gradients of the parameters.
  ///
  /// - Parameters:
  ///   - gradient: of h at every step, or at the last one alone.
  ///   - inputGradient: gets the gradient of the input; nil where nothing before it trains.
  func backward(_ gradient: LSTM.Gradient, inputGradient: SequenceMap?) throws {
    try unroll(gradient)
    let (width, rows) = (4 * hidden, input.rows)
    try context.split(width, by: 16) { range, _ in
      let slopes = Matrix(gates.pointer + range.lowerBound, stride: width).transpose
      func accumulate(_ x: UnsafePointer<Float>, _ columns: Int, _ weight: Parameter) throws {
        guard weight.trainable else { return }
        try multiply(
          slopes, Matrix(x, stride: columns), rows: range.count, columns: columns, depth: rows,
          into: weight.gradient + range.lowerBound * columns, stride: columns, adding: true)
      }
      try accumulate(input.pointer, input.channels, inputWeight)
      try accumulate(output.step(-1), hidden, hiddenWeight)
      for bias in [inputBias, hiddenBias] where bias.trainable {
        for row in 0..<rows {
          context.kernels.add(range.count, gates.row(row) + range.lowerBound, bias.gradient + range.lowerBound)
        }
      }
    }
    guard let inputGradient else { return }
    try inputGradient.reserve(steps: input.steps, batch: input.batch)
    try context.split(rows) { range, _ in
      try multiply(
        Matrix(gates.row(range.lowerBound), stride: width), Matrix(inputWeight.value, stride: input.channels),
        rows: range.count, columns: input.channels, depth: width, into: inputGradient.row(range.lowerBound),
        stride: input.channels, adding: false)
    }
  }

  /// From the last step to the first: the gates become their gradients.
  private func unroll(_ gradient: LSTM.Gradient) throws {
    let (width, last) = (4 * hidden, input.steps - 1)
    for carry in [outputCarry, cellCarry] { try carry.reserve(input.batch * hidden) }
    try context.split(input.batch) { rows, _ in
      let (first, count) = (rows.lowerBound, rows.count * hidden)
      let (dh, dc) = (outputCarry.pointer + first * hidden, cellCarry.pointer + first * hidden)
      memset(dh, 0, count * MemoryLayout<Float>.stride)
      memset(dc, 0, count * MemoryLayout<Float>.stride)
      for step in stride(from: last, through: 0, by: -1) {
        let above: UnsafePointer<Float>? =
          switch gradient {
          case .all(let map): UnsafePointer(map.step(step, row: first))
          case .last(let pointer): step == last ? pointer + first * hidden : nil
          }
        let gate = gates.step(step, row: first)
        context.kernels.lstm_cell_gradient(
          rows.count, hidden, gate, cell.step(step - 1, row: first), squashed.step(step, row: first), dh, above, dc)
        if step > 0 {
          try multiply(
            Matrix(gate, stride: width), Matrix(hiddenWeight.value, stride: hidden), rows: rows.count,
            columns: hidden, depth: width, into: dh, stride: hidden, adding: false)
        }
      }
    }
  }
}
