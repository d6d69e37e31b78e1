import Glibc
import Testing

@testable import SentryNN

/// A graph under construction, with reproducible constants.
struct GraphMaker {
  var graph: GraphDefinition
  private var random: SplitMix

  init(input shape: [Int], seed: UInt64 = 1) {
    graph = GraphDefinition(tensors: [.init(name: "input", shape: shape)], nodes: [], input: 0)
    random = SplitMix(state: seed)
  }

  mutating func constant(_ shape: [Int]) -> Int {
    let values = (0..<shape.reduce(1, *)).map { _ in Float.random(in: -0.5...0.5, using: &random) }
    graph.tensors.append(.init(name: "constant", shape: shape, constant: values))
    return graph.tensors.count - 1
  }

  mutating func node(_ body: any GraphOperator, _ inputs: [Int], _ name: String? = nil) throws -> Int {
    let output = graph.tensors.count
    let shape = try body.outputShape(of: inputs.map { graph.tensors[$0].shape })
    graph.tensors.append(.init(name: name ?? "t\(output)", shape: shape))
    graph.nodes.append(.init(name: "node \(graph.nodes.count)", body, inputs: inputs, output: output))
    return output
  }

  /// A convolution with weights and bias of its own.
  mutating func convolution(
    _ input: Int, outputs: Int, _ axis: WindowAxis, depthwise: Bool = false, bias: Bool = true,
    _ activation: Activation = .none, _ name: String? = nil
  ) throws -> Int {
    let channels = graph.tensors[input].shape[3]
    let weights = constant(
      depthwise ? [1, axis.size, axis.size, channels] : [outputs, axis.size, axis.size, channels])
    let inputs = [input, weights] + (bias ? [constant([depthwise ? channels : outputs])] : [])
    return try node(
      ConvolutionOperator(
        vertical: axis, horizontal: axis, depthwise: depthwise, hasBias: bias, activation: activation), inputs, name)
  }

  mutating func input() -> [Float] {
    (0..<graph.tensors[0].count).map { _ in Float.random(in: -2...2, using: &random) }
  }
}

/// Repeatable random numbers (SplitMix64).
struct SplitMix: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}

/// The operators as their definitions say, one value after the other.
enum PlainGraph {
  /// All tensors of a graph; empty where nothing computes one.
  static func evaluate(_ graph: GraphDefinition, _ input: [Float]) throws -> [[Float]] {
    var values = graph.tensors.map { $0.constant ?? [] }
    values[graph.input] = input
    for node in graph.nodes {
      let shapes = node.inputs.map { graph.tensors[$0].shape }
      let operands = node.inputs.map { values[$0] }
      values[node.output] = try compute(node.body, operands, shapes, graph.tensors[node.output].shape)
    }
    return values
  }

  private static func compute(
    _ body: any GraphOperator, _ inputs: [[Float]], _ shapes: [[Int]], _ output: [Int]
  ) throws -> [Float] {
    let (x, shape) = (inputs[0], shapes[0])
    switch body {
    case let body as ConvolutionOperator: return convolution(body, inputs, shapes, output)
    case let body as AddOperator:
      return x.indices.map { apply(body.activation, x[$0] + inputs[1][broadcast($0, shape, shapes[1])]) }
    case let body as ActivationOperator: return x.map { apply(body.activation, $0) }
    case is PReLUOperator: return x.indices.map { x[$0] < 0 ? x[$0] * inputs[1][$0 % shape[3]] : x[$0] }
    case is ReshapeOperator: return x
    case let body as MaxPoolOperator:
      return places(output).map { n, y, x1, c in
        var best = -Float.infinity
        for (h, w) in window(body.vertical, body.horizontal, y, x1, shape) {
          best = max(best, x[((n * shape[1] + h.place) * shape[2] + w.place) * shape[3] + c])
        }
        return best
      }
    case let body as PadOperator:
      var result = [Float](repeating: 0, count: output.reduce(1, *))
      for (index, value) in x.enumerated() {
        let place = zip(indices(index, shape), body.before).map { $0 + $1 }
        result[zip(place, output).reduce(0) { $0 * $1.1 + $1.0 }] = value
      }
      return result
    case let body as ConcatenationOperator:
      let outer = output[..<body.axis].reduce(1, *)
      return (0..<outer).flatMap { part in
        inputs.flatMap { input in input[input.count / outer * part..<input.count / outer * (part + 1)] }
      }
    case let body as DepthToSpaceOperator:
      let (block, channels) = (body.block, output[3])
      return places(output).map { n, y, x1, c in
        let channel = ((y % block) * block + x1 % block) * channels + c
        return x[((n * shape[1] + y / block) * shape[2] + x1 / block) * shape[3] + channel]
      }
    case let body as ResizeBilinearOperator:
      return places(output).map { n, y, x1, c in
        func taps(_ place: Int, _ size: Int, _ extent: Int) -> (low: Int, high: Int, part: Float) {
          let centre = (Float(place) + 0.5) * Float(extent) / Float(size) - 0.5
          let low = centre.rounded(.down)
          return (max(0, Int(low)), min(extent - 1, Int(low) + 1), centre - low)
        }
        let (v, h) = (taps(y, output[1], shape[1]), taps(x1, output[2], shape[2]))
        func value(_ row: Int, _ column: Int) -> Float { x[((n * shape[1] + row) * shape[2] + column) * shape[3] + c] }
        let upper = value(v.low, h.low) * (1 - h.part) + value(v.low, h.high) * h.part
        let lower = value(v.high, h.low) * (1 - h.part) + value(v.high, h.high) * h.part
        return apply(body.activation, upper * (1 - v.part) + lower * v.part)
      }
    default: throw NNError(.unimplemented, "\(body) has no plain form", hint: "write one")
    }
  }

  private static func convolution(
    _ body: ConvolutionOperator, _ inputs: [[Float]], _ shapes: [[Int]], _ output: [Int]
  ) -> [Float] {
    let (x, shape, filter) = (inputs[0], shapes[0], shapes[1])
    return inputs[1].withUnsafeBufferPointer { weights in
      x.withUnsafeBufferPointer { x in
        places(output).enumerated().map { index, place in
          let (n, y, x1, c) = place
          var sum = body.hasBias ? inputs[2][c] : 0
          for (h, w) in window(body.vertical, body.horizontal, y, x1, shape) {
            let from = ((n * shape[1] + h.place) * shape[2] + w.place) * shape[3]
            if body.depthwise {
              sum += x[from + c] * weights[(h.tap * filter[2] + w.tap) * filter[3] + c]
            } else {
              let row = ((c * filter[1] + h.tap) * filter[2] + w.tap) * filter[3]
              for channel in 0..<shape[3] { sum += x[from + channel] * weights[row + channel] }
            }
          }
          if body.hasAddend { sum += inputs[inputs.count - 1][index] }
          return apply(body.activation, sum)
        }
      }
    }
  }

  private typealias Tap = (place: Int, tap: Int)

  /// The places inside the picture that a window covers.
  private static func window(
    _ vertical: WindowAxis, _ horizontal: WindowAxis, _ row: Int, _ column: Int, _ shape: [Int]
  ) -> [(Tap, Tap)] {
    func taps(_ axis: WindowAxis, _ result: Int, _ extent: Int) -> [Tap] {
      (0..<axis.size).map { (result * axis.stride - axis.before + $0 * axis.dilation, $0) }
        .filter { (0..<extent).contains($0.0) }
    }
    let columns = taps(horizontal, column, shape[2])
    return taps(vertical, row, shape[1]).flatMap { row in columns.map { (row, $0) } }
  }

  private static func places(_ shape: [Int]) -> [(Int, Int, Int, Int)] {
    (0..<shape.reduce(1, *)).map { index in
      let place = indices(index, shape)
      return (place[0], place[1], place[2], place[3])
    }
  }

  private static func indices(_ index: Int, _ shape: [Int]) -> [Int] {
    var rest = index
    return shape.reversed().map { extent in
      defer { rest /= extent }
      return rest % extent
    }.reversed()
  }

  private static func broadcast(_ index: Int, _ shape: [Int], _ other: [Int]) -> Int {
    let place = indices(index, shape).suffix(other.count)
    return zip(place, other).reduce(0) { $0 * $1.1 + ($1.1 == 1 ? 0 : $1.0) }
  }

  private static func apply(_ activation: Activation, _ value: Float) -> Float {
    switch activation {
    case .none: value
    case .relu: max(0, value)
    case .relu6: min(6, max(0, value))
    case .sigmoid: 1 / (1 + exp(-value))
    }
  }
}
