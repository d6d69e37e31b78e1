import SentryThreads
import Testing

@testable import SentryNN

/// Each sequence layer against PyTorch in double, and its gradient against differences of its own forward pass.
@Suite struct SequenceLayerTests {
  struct Example: Sendable {
    let name: String
    let batch: Int
    let steps: Int
    let channels: Int
    let seed: UInt64
  }
  static let examples = [
    Example(name: "conv", batch: 3, steps: 7, channels: 5, seed: 100),
    Example(name: "batch-norm", batch: 3, steps: 7, channels: 32, seed: 200),
    Example(name: "layer-norm", batch: 6, steps: 1, channels: 32, seed: 300),
    Example(name: "block", batch: 3, steps: 7, channels: 5, seed: 400),
    Example(name: "block-identity", batch: 3, steps: 6, channels: 32, seed: 500),
    Example(name: "lstm", batch: 5, steps: 7, channels: 5, seed: 600),
    Example(name: "lstm-last", batch: 5, steps: 7, channels: 5, seed: 700),
  ]

  @Test(arguments: examples, [1, 2, 3]) func agreesWithPyTorch(_ example: Example, threads: Int) throws {
    let golden = try Golden.sequences.get()
    let net = try SequenceCase.make(example.name, threads: threads)
    let (name, seed) = (example.name, example.seed)
    fillSequenceState(net.arena.parameters, net.arena.buffers, seed: seed)
    let x = uniform(seed + 20_000, example.batch * example.steps * example.channels, -1, 1)
    func forward() throws -> [Float] { try net.forward(x, batch: example.batch, steps: example.steps) }
    let y = try forward()
    #expect(distance(y, try golden.tensor("\(name)/output")) < 1e-5)
    for buffer in net.arena.buffers {
      guard case .float32(let pointer) = buffer.storage else { continue }
      let values = Array(UnsafeBufferPointer(start: pointer, count: buffer.shape[0]))
      #expect(distance(values, try golden.tensor("\(name)/buffer/\(buffer.name)")) < 1e-5, "\(buffer.name)")
    }
    let upstream = uniform(seed + 30_000, y.count, -1, 1)
    let dx = try net.backward(upstream)
    #expect(distance(dx, try golden.tensor("\(name)/input")) < 1e-4)
    for parameter in net.arena.parameters {
      try expectGradient(parameter, golden.tensor("\(name)/gradient/\(parameter.name)"))
    }

    let optimiser = try Optimizer(
      AdamW(),
      of: net.arena.parameters.map { Optimizer.Tensor(value: $0.value, gradient: $0.gradient, count: $0.count) },
      executor: net.context.executor)
    for exact in try golden.numbers("\(name)/losses") {
      let loss = zip(try forward(), upstream).reduce(0) { $0 + Double($1.0) * Double($1.1) }
      #expect(abs(loss - exact) < 2e-4 * max(1, abs(exact)))
      _ = try net.backward(upstream)
      optimiser.step(learningRate: 1e-2)
      net.parametersChanged()
    }
  }

  @Test(arguments: examples) func differences(_ example: Example) throws {
    let net = try SequenceCase.make(example.name, threads: 2)
    fillSequenceState(net.arena.parameters, net.arena.buffers, seed: 7)
    let x = uniform(77, example.batch * example.steps * example.channels, -1, 1)
    var weights: [Float] = []
    func loss(_ values: [Float]) throws -> Double {
      net.parametersChanged()
      let y = try net.forward(values, batch: example.batch, steps: example.steps)
      return zip(y, weights).reduce(0) { $0 + Double($1.0) * Double($1.1) }
    }
    weights = uniform(78, try net.forward(x, batch: example.batch, steps: example.steps).count, -1, 1)
    _ = try loss(x)
    let dx = try net.backward(weights)
    let gradients = net.arena.parameters.map { Array(UnsafeBufferPointer(start: $0.gradient, count: $0.count)) }
    for (parameter, gradient) in zip(net.arena.parameters, gradients) where norm(gradient) > 1e-3 {
      let origin = Array(UnsafeBufferPointer(start: parameter.value, count: parameter.count))
      try compare(parameter.name, origin, gradient) { values in
        parameter.value.update(from: values, count: values.count)
        return try loss(x)
      }
      parameter.value.update(from: origin, count: origin.count)
    }
    try compare("input", x, dx, loss)
  }

  /// Along the gradient itself the loss must rise by its norm. ReLUs bend: the difference is taken over a small step.
  private func compare(_ name: String, _ origin: [Float], _ gradient: [Float], _ loss: ([Float]) throws -> Double)
    throws
  {
    let (length, step) = (norm(gradient), 1e-3 * norm(origin))
    func moved(_ sign: Double) -> [Float] {
      zip(origin, gradient).map { Float(Double($0) + sign * step * Double($1) / length) }
    }
    let slope = try (loss(moved(1)) - loss(moved(-1))) / (2 * step)
    #expect(abs(slope / length - 1) < 0.02, "\(name): differences \(slope), gradient \(length)")
    #expect(abs(slope / (1.05 * length) - 1) > 0.02, "\(name): a factor of 1.05 must be noticed")
  }
}

func norm(_ values: [Float]) -> Double { values.reduce(0) { $0 + Double($1) * Double($1) }.squareRoot() }

/// A bias before a batch norm has no gradient but for rounding.
func expectGradient(_ parameter: Parameter, _ exact: [Float]) {
  let ours = sample(parameter.gradient, parameter.count)
  guard norm(exact) > 1e-9 else {
    #expect(norm(ours) < 1e-4, "\(parameter.name)")
    return
  }
  #expect(distance(ours, exact) < 1e-4, "\(parameter.name)")
  #expect(distance(ours.map { $0 * 1.05 }, exact) > 1e-2, "\(parameter.name): a wrong factor must be noticed")
}
