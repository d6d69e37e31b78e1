import CSentryKernels

// Winograd's F(4, 3) along one dimension: rows of channels that lie `step` floats apart, some neighbouring rows at once.

/// Sixteen floats, or zeros past the end.
@inline(__always) private func inside(_ source: Source, _ step: Int, _ index: Int, _ valid: Int) -> Lanes {
  index < valid ? load(source + index * step) : Lanes(repeating: 0)
}

func winogradLineInput(_ count: Int, _ source: Source, _ step: Int, _ valid: Int, _ points: Target, _ plane: Int) {
  var index = 0
  while index < count {
    let at = source + index
    let line = (
      inside(at, step, 0, valid), inside(at, step, 1, valid), inside(at, step, 2, valid), inside(at, step, 3, valid),
      inside(at, step, 4, valid), inside(at, step, 5, valid)
    )
    storeSix(winogradInput(line), points + index, plane)
    index += 16
  }
}

func winogradLineOutputGradient(
  _ count: Int, _ source: Source, _ step: Int, _ valid: Int, _ points: Target, _ plane: Int
) {
  var index = 0
  while index < count {
    let at = source + index
    let line = (
      inside(at, step, 0, valid), inside(at, step, 1, valid), inside(at, step, 2, valid), inside(at, step, 3, valid)
    )
    storeSix(winogradOutputGradient(line), points + index, plane)
    index += 16
  }
}

func winogradLineOutput(
  _ rows: Int, _ channels: Int, _ points: Source, _ plane: Int, _ bias: Source?, _ scale: Float, _ adding: CInt,
  _ target: Target, _ step: Int, _ valid: Int
) {
  var row = 0
  while row < rows {
    var channel = 0
    while channel < channels {
      let index = row * channels + channel
      let line = winogradOutput(loadSix(points + index, plane))
      let at = target + index
      var shift = Lanes(repeating: 0)
      if let bias { shift = load(bias + channel) }
      @inline(__always) func put(_ value: Lanes, _ at: Target) {
        let result = fused(Lanes(repeating: scale), value, shift)
        store(adding != 0 ? load(at) + result : result, at)
      }
      put(line.0, at)
      if valid > 1 { put(line.1, at + step) }
      if valid > 2 { put(line.2, at + 2 * step) }
      if valid > 3 { put(line.3, at + 3 * step) }
      channel += 16
    }
    row += 1
  }
}

func winogradLineWeights(_ inputs: Int, _ outputs: Int, _ weights: Source, _ turned: CInt, _ points: Target) {
  let plane = inputs * outputs
  // Groups of sixteen columns: [columns / 16][rows][16].
  let (rows, columns, rowStep, columnStep) =
    turned != 0 ? (outputs, inputs, 3 * inputs, 3) : (inputs, outputs, 3, 3 * inputs)
  var column = 0
  while column < columns {
    var row = 0
    while row < rows {
      let source = weights + row * rowStep + column * columnStep
      let (first, last) = (gather(source, columnStep), gather(source + 2, columnStep))
      let middle = gather(source + 1, columnStep)
      let line = turned != 0 ? (last, middle, first) : (first, middle, last)
      storeSix(winogradWeights(line), points + column * rows + row * 16, plane)
      row += 1
    }
    column += 16
  }
}

func winogradLineWeightsGradient(
  _ inputs: Int, _ outputs: Int, _ first: Int, _ count: Int, _ points: Source, _ gradient: Target
) {
  let plane = inputs * outputs
  var input = 0
  while input < inputs {
    var output = first
    while output < first + count {
      let taps = winogradWeightsGradient(loadSix(points + input * outputs + output, plane))
      let target = gradient + (output * inputs + input) * 3
      scatterAdding(taps.0, target, 3 * inputs)
      scatterAdding(taps.1, target + 1, 3 * inputs)
      scatterAdding(taps.2, target + 2, 3 * inputs)
      output += 16
    }
    input += 1
  }
}
