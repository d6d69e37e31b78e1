import SentryThreads
import Testing

@testable import SentryNN

/// Every layer's gradient against differences of its own forward pass, and the certainty that a factor of 1.05 shows.
@Suite struct FiniteDifferenceTests {
  @Test func denseLayers() throws {
    try check(LayerNet.dense(channels: 32, layers: 2, height: 6, width: 5, threads: 2), batch: 4)
  }

  @Test func transition() throws {
    try check(LayerNet.transition(channels: 64, height: 6, width: 7, threads: 2), batch: 4)
  }

  /// Where nothing normalises by the batch no statistics are taken: gradients must do without them.
  @Test func transitionOfFrozenNorms() throws {
    let net = try LayerNet.transition(channels: 64, height: 6, width: 7, threads: 2)
    for parameter in net.arena.parameters where parameter.shape.count == 1 { parameter.trainable = false }
    try check(net, batch: 4, frozenNorm: .runningStatistics)
  }

  @Test func stem() throws { try check(LayerNet.stem(size: 33, threads: 2), batch: 3) }

  private func check(_ net: LayerNet, batch: Int, frozenNorm: FrozenNorm = .batchStatistics) throws {
    var random = RandomStream(seed: 5)
    for parameter in net.arena.parameters {
      if parameter.shape.count == 4 {
        parameter.fillKaimingNormal(&random)
      } else {
        let low = parameter.name.hasSuffix("weight") ? 0.5 : -0.3
        for index in 0..<parameter.count { parameter.value[index] = Float(low + 0.8 * random.uniform()) }
      }
    }
    let input = (0..<batch * net.inputCount).map { _ in Float(random.normal()) }
    let pass = Pass(batch: batch, training: true, frozenNorm: frozenNorm)
    let weights = try net.forward(input, pass).map { _ in Float(random.normal()) }
    func loss(_ values: [Float]) throws -> Double {
      net.layers.weightsChanged()
      return try zip(net.forward(values, pass), weights).reduce(0) { $0 + Double($1.0) * Double($1.1) }
    }
    let inputGradient = try net.backward(weights, pass)
    let parameters = net.arena.parameters.filter(\.trainable)
    let gradients = parameters.map { Array(UnsafeBufferPointer(start: $0.gradient, count: $0.count)) }
    for (parameter, gradient) in zip(parameters, gradients) {
      let origin = Array(UnsafeBufferPointer(start: parameter.value, count: parameter.count))
      try compare(parameter.name, origin, gradient) { values in
        parameter.value.update(from: values, count: values.count)
        return try loss(input)
      }
      parameter.value.update(from: origin, count: origin.count)
    }
    if let inputGradient {
      try compare("input", input, net.planar(inputGradient, batch)) { try loss($0) }
    }
  }

  /// Along the gradient itself the loss must rise by its norm.
  private func compare(_ name: String, _ origin: [Float], _ gradient: [Float], _ loss: ([Float]) throws -> Double)
    throws
  {
    let norm = gradient.reduce(0) { $0 + Double($1) * Double($1) }.squareRoot()
    let size = origin.reduce(0) { $0 + Double($1) * Double($1) }.squareRoot()
    try #require(norm > 1e-3, "\(name) has no gradient to test")
    let step = 2e-3 * size
    func moved(_ sign: Double) -> [Float] {
      zip(origin, gradient).map { Float(Double($0) + sign * step * Double($1) / norm) }
    }
    let slope = try (loss(moved(1)) - loss(moved(-1))) / (2 * step)
    #expect(abs(slope / norm - 1) < 0.02, "\(name): differences \(slope), gradient \(norm)")
    #expect(abs(slope / (1.05 * norm) - 1) > 0.02, "\(name): a factor of 1.05 must be noticed")
  }

  @Test(arguments: [1, 2]) func linear(threads: Int) throws {
    let (inputs, outputs, batch) = (19, 7, 5)
    let context = try ComputeContext(executor: try ThreadPool(threadCount: threads), maximumChannels: 16)
    let arena = ParameterArena()
    let linear = Linear("linear", inputs: inputs, outputs: outputs, context: context, in: arena)
    try arena.seal()
    var random = RandomStream(seed: 8)
    linear.initialise(&random)
    let x = (0..<batch * inputs).map { _ in Float(random.normal()) }
    let weights = (0..<batch * outputs).map { _ in Float(random.normal()) }
    func loss(_ input: [Float]) throws -> Double {
      var y = [Float](repeating: 0, count: batch * outputs)
      try linear.forward(input, &y, batch: batch)
      return zip(y, weights).reduce(0) { $0 + Double($1.0) * Double($1.1) }
    }
    var dx = [Float](repeating: 0, count: x.count)
    try linear.backward(x, weights, dx: &dx, batch: batch)
    for parameter in [linear.weight, linear.bias] {
      let origin = Array(UnsafeBufferPointer(start: parameter.value, count: parameter.count))
      let gradient = Array(UnsafeBufferPointer(start: parameter.gradient, count: parameter.count))
      try compare(parameter.name, origin, gradient) { values in
        parameter.value.update(from: values, count: values.count)
        return try loss(x)
      }
      parameter.value.update(from: origin, count: origin.count)
    }
    try compare("input", x, dx) { try loss($0) }
  }

  @Test(arguments: [nil, 3 as UInt64]) func reluAndDropout(seed: UInt64?) throws {
    let layer = ReLUDropout(rate: 0.4, layer: 1)
    var random = RandomStream(seed: 9)
    let x = (0..<500).map { _ in Float(random.normal()) }
    let weights = (0..<500).map { _ in Float(random.normal()) }
    func outputs(_ values: [Float]) -> [Float] {
      var result = values
      layer.forward(&result, count: result.count, seed: seed)
      return result
    }
    var gradient = weights
    layer.backward(&gradient, outputs: outputs(x), count: 500, seed: seed)
    try compare("dropout", x, gradient) { zip(outputs($0), weights).reduce(0) { $0 + Double($1.0) * Double($1.1) } }
  }

  @Test func crossEntropy() throws {
    let loss = try CrossEntropy(labelSmoothing: 0.15, classWeights: [0.5, 1, 2, 1, 0.7, 1.3])
    let targets: [Int32] = [0, -1, 5, 3]
    var random = RandomStream(seed: 10)
    let logits = (0..<24).map { _ in Float(random.normal()) }
    var gradient = [Float](repeating: 0, count: 24)
    _ = try loss.evaluate(logits: logits, targets: targets, batch: 4, classes: 6, gradient: &gradient)
    try compare("logits", logits, gradient) {
      try loss.evaluate(logits: $0, targets: targets, batch: 4, classes: 6).mean
    }
    #expect(try loss.evaluate(logits: logits, targets: [-1, -1, -1, -1], batch: 4, classes: 6).mean == 0)
    #expect(throws: NNError.self) { try loss.evaluate(logits: logits, targets: [6, 0, 0, 0], batch: 4, classes: 6) }
    #expect(throws: NNError.self) { try loss.evaluate(logits: logits, targets: targets, batch: 4, classes: 5) }
  }
}
