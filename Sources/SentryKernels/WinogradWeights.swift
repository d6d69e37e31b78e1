/// Sixteen neighbours `step` floats apart.
@inline(__always) func gather(_ source: Source, _ step: Int) -> Lanes {
  Lanes(
    source[0], source[step], source[2 * step], source[3 * step], source[4 * step], source[5 * step], source[6 * step],
    source[7 * step], source[8 * step], source[9 * step], source[10 * step], source[11 * step], source[12 * step],
    source[13 * step], source[14 * step], source[15 * step])
}

@inline(__always) func scatterAdding(_ values: Lanes, _ target: Target, _ step: Int) {
  var index = 0
  while index < 16 {
    target[index * step] += values[index]
    index += 1
  }
}

func winogradWeights(_ inputs: Int, _ outputs: Int, _ weights: Source, _ turned: CInt, _ points: Target) {
  let plane = inputs * outputs
  // What is dense among the points becomes the lanes.
  let (rows, lanes, rowStep, laneStep) =
    turned != 0 ? (outputs, inputs, 9 * inputs, 9) : (inputs, outputs, 9, 9 * inputs)
  var row = 0
  while row < rows {
    var lane = 0
    while lane < lanes {
      let source = weights + row * rowStep + lane * laneStep
      @inline(__always) func tap(_ index: Int) -> Lanes { gather(source + (turned != 0 ? 8 - index : index), laneStep) }
      let left = winogradWeights((tap(0), tap(3), tap(6)))
      let middle = winogradWeights((tap(1), tap(4), tap(7)))
      let right = winogradWeights((tap(2), tap(5), tap(8)))
      let target = points + row * lanes + lane
      @inline(__always) func put(_ i: Int, _ l: Lanes, _ m: Lanes, _ r: Lanes) {
        let line = winogradWeights((l, m, r))
        let at = target + 6 * i * plane
        store(line.0, at)
        store(line.1, at + plane)
        store(line.2, at + 2 * plane)
        store(line.3, at + 3 * plane)
        store(line.4, at + 4 * plane)
        store(line.5, at + 5 * plane)
      }
      put(0, left.0, middle.0, right.0)
      put(1, left.1, middle.1, right.1)
      put(2, left.2, middle.2, right.2)
      put(3, left.3, middle.3, right.3)
      put(4, left.4, middle.4, right.4)
      put(5, left.5, middle.5, right.5)
      lane += 16
    }
    row += 1
  }
}

func winogradWeightsGradient(
  _ inputs: Int, _ outputs: Int, _ first: Int, _ count: Int, _ points: Source, _ gradient: Target
) {
  let plane = inputs * outputs
  var input = first
  while input < first + count {
    var output = 0
    while output < outputs {
      let source = points + input * outputs + output
      @inline(__always) func line(_ i: Int) -> (Lanes, Lanes, Lanes) {
        let at = source + 6 * i * plane
        return winogradWeightsGradient(
          (
            load(at), load(at + plane), load(at + 2 * plane), load(at + 3 * plane), load(at + 4 * plane),
            load(at + 5 * plane)
          ))
      }
      let (l0, l1, l2, l3, l4, l5) = (line(0), line(1), line(2), line(3), line(4), line(5))
      let target = gradient + (output * inputs + input) * 9
      @inline(__always) func put(_ x: Int, _ values: (Lanes, Lanes, Lanes)) {
        scatterAdding(values.0, target + x, 9 * inputs)
        scatterAdding(values.1, target + 3 + x, 9 * inputs)
        scatterAdding(values.2, target + 6 + x, 9 * inputs)
      }
      put(0, winogradWeightsGradient((l0.0, l1.0, l2.0, l3.0, l4.0, l5.0)))
      put(1, winogradWeightsGradient((l0.1, l1.1, l2.1, l3.1, l4.1, l5.1)))
      put(2, winogradWeightsGradient((l0.2, l1.2, l2.2, l3.2, l4.2, l5.2)))
      output += 16
    }
    input += 1
  }
}
