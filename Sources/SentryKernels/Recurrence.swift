import CSentryKernels

/// The rational approximation of Eigen's `ptanh`: odd over even polynomial on ±7.9, within 3 units in the last place.
@inline(__always) private func tanh(_ argument: Lanes) -> Lanes {
  let bound: Float = 7.905_311
  var x = argument.replacing(with: Lanes(repeating: bound), where: argument .> bound)
  x = x.replacing(with: Lanes(repeating: -bound), where: x .< -bound)
  let square = x * x
  var p = fused(square, Lanes(repeating: -2.760_768_5e-16), Lanes(repeating: 2.000_187_9e-13))
  p = fused(square, p, Lanes(repeating: -8.604_672e-11))
  p = fused(square, p, Lanes(repeating: 5.122_297e-8))
  p = fused(square, p, Lanes(repeating: 1.485_722_4e-5))
  p = fused(square, p, Lanes(repeating: 6.372_619_3e-4))
  p = fused(square, p, Lanes(repeating: 4.893_524_6e-3)) * x
  var q = fused(square, Lanes(repeating: 1.198_258_4e-6), Lanes(repeating: 1.185_347_1e-4))
  q = fused(square, q, Lanes(repeating: 2.268_434_6e-3))
  q = fused(square, q, Lanes(repeating: 4.893_525e-3))
  return p / q
}

@inline(__always) private func sigmoid(_ x: Lanes) -> Lanes {
  fused(tanh(x * 0.5), Lanes(repeating: 0.5), Lanes(repeating: 0.5))
}

func lstmCell(
  _ rows: Int, _ hidden: Int, _ gates: Target, _ previous: Source, _ cell: Target, _ squashed: Target, _ output: Target
) {
  var row = 0
  while row < rows {
    let (gate, offset) = (gates + row * 4 * hidden, row * hidden)
    var unit = 0
    while unit < hidden {
      let input = sigmoid(load(gate + unit))
      let forget = sigmoid(load(gate + hidden + unit))
      let candidate = tanh(load(gate + 2 * hidden + unit))
      let out = sigmoid(load(gate + 3 * hidden + unit))
      let state = fused(forget, load(previous + offset + unit), input * candidate)
      let bounded = tanh(state)
      store(input, gate + unit)
      store(forget, gate + hidden + unit)
      store(candidate, gate + 2 * hidden + unit)
      store(out, gate + 3 * hidden + unit)
      store(state, cell + offset + unit)
      store(bounded, squashed + offset + unit)
      store(out * bounded, output + offset + unit)
      unit += 16
    }
    row += 1
  }
}

func lstmCellGradient(
  _ rows: Int, _ hidden: Int, _ gates: Target, _ previous: Source, _ squashed: Source, _ dh: Source, _ above: Source?,
  _ carry: Target
) {
  var row = 0
  while row < rows {
    let (gate, offset) = (gates + row * 4 * hidden, row * hidden)
    var unit = 0
    while unit < hidden {
      let place = offset + unit
      let (input, forget) = (load(gate + unit), load(gate + hidden + unit))
      let (candidate, out) = (load(gate + 2 * hidden + unit), load(gate + 3 * hidden + unit))
      let bounded = load(squashed + place)
      var d = load(dh + place)
      if let above { d += load(above + place) }
      let state = fused(d * out, 1 - bounded * bounded, load(carry + place))
      store(state * candidate * input * (1 - input), gate + unit)
      store(state * load(previous + place) * forget * (1 - forget), gate + hidden + unit)
      store(state * input * (1 - candidate * candidate), gate + 2 * hidden + unit)
      store(d * bounded * out * (1 - out), gate + 3 * hidden + unit)
      store(state * forget, carry + place)
      unit += 16
    }
    row += 1
  }
}
