import SentryThreads
import Testing

@testable import SentryNN

/// A convolution over time against plain sums in double, in Winograd's form where the CPU's level has it.
@Suite struct WinogradConv1dTests {
  private let inputs = 32
  private let outputs = 48

  @Test(arguments: [(30, 3, 1), (30, 2, 4), (13, 5, 2), (8, 6, 2)], [1, 3])
  func allDirections(_ place: (Int, Int, Int), _ threads: Int) throws {
    let (steps, batch, dilation) = place
    let context = try ComputeContext(executor: try ThreadPool(threadCount: threads), maximumChannels: 64)
    let arena = ParameterArena()
    let conv = Conv1d(
      "conv", inputs: inputs, outputs: outputs, kernel: 3, dilation: dilation, context: context, in: arena)
    try arena.seal()
    var random = RandomStream(seed: 4)
    for parameter in [conv.weight, conv.bias] {
      for index in 0..<parameter.count { parameter.value[index] = Float(random.normal()) }
    }
    func map(_ channels: Int) throws -> SequenceMap {
      let map = SequenceMap(channels: channels, margin: dilation)
      try map.reserve(steps: steps, batch: batch)
      for index in 0..<map.rows * channels { map.pointer[index] = Float(random.normal()) }
      return map
    }
    let (x, y, dy, dx) = (try map(inputs), try map(outputs), try map(outputs), try map(inputs))
    let before = list(dx.pointer, dx.rows * inputs)
    let tiles = StepTiles(x, dilation: dilation)
    #expect(tiles.areWorthwhile)
    #expect(tiles.pieces(of: 0..<tiles.rows).reduce(0) { $0 + $1.count * tiles.validOutputs($1) } == steps * batch)

    try conv.prepare(x)
    try conv.forwardByTiles(x, y)
    try conv.backwardDataByTiles(dy, dx, scale: 2, adding: true)
    try conv.transformGradient(dy)
    try context.split(x.rows) { rows, _ in
      try conv.forward(x, y, rows: rows)
      try conv.backwardData(dy, dx, rows: rows, scale: 2, adding: true)
    }
    try context.split(outputs, by: 16) { range, _ in try conv.backwardWeights(x, dy, outputs: range) }

    var (forward, data) = ([Double](repeating: 0, count: y.rows * outputs), before)
    var weights = [Double](repeating: 0, count: conv.weight.count)
    for row in 0..<x.rows {
      for output in 0..<outputs { forward[row * outputs + output] = Double(conv.bias.value[output]) }
      for tap in 0..<3 {
        let source = row + (tap - 1) * dilation * batch
        guard (0..<x.rows).contains(source) else { continue }
        for output in 0..<outputs {
          for input in 0..<inputs {
            let index = (output * inputs + input) * 3 + tap
            let (weight, value) = (Double(conv.weight.value[index]), Double(x.row(source)[input]))
            let slope = Double(dy.row(row)[output])
            forward[row * outputs + output] += weight * value
            data[source * inputs + input] += 2 * weight * slope
            weights[index] += slope * value
          }
        }
      }
    }
    try compare(list(y.pointer, y.rows * outputs), forward, "forward")
    try compare(list(dx.pointer, dx.rows * inputs), data, "data")
    try compare(list(conv.weight.gradient, conv.weight.count), weights, "weights")
  }

  @Test func shortSequencesAreSummedDirectly() throws {
    let map = SequenceMap(channels: 16, margin: 1)
    try map.reserve(steps: 1, batch: 64)
    #expect(!StepTiles(map, dilation: 1).areWorthwhile)
    try map.reserve(steps: 30, batch: 1)
    #expect(!StepTiles(map, dilation: 1).areWorthwhile)
  }

  private func list(_ pointer: UnsafePointer<Float>, _ count: Int) -> [Double] {
    (0..<count).map { Double(pointer[$0]) }
  }

  private func compare(_ values: [Double], _ expected: [Double], _ name: String) throws {
    let error = zip(values, expected).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
    let relative = (error / expected.reduce(0) { $0 + $1 * $1 }).squareRoot()
    #expect(relative < 2e-6, "\(name): \(relative)")
  }
}
