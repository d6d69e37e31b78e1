import SentryThreads
import Testing

@testable import BackboneMobileNetV3
@testable import SentryNN

/// The emotion network over MobileNetV3-Small against torchvision's, in double.
@Suite(.serialized) struct MobileNetGoldenTests {
  static let cases = [(size: 64, batch: 8), (size: 75, batch: 4), (size: 48, batch: 16)]

  private func network(size: Int, threads: Int = 2) throws -> MobileEmotionNet {
    let network = try MobileEmotionNet(imageSize: size, classes: 6, executor: try ThreadPool(threadCount: threads))
    fillState(network.arena.parameters, network.arena.buffers, seed: 1000)
    network.parametersChanged()
    return network
  }

  private func labels(_ seed: UInt64, _ count: Int) -> [Int32] {
    var random = RandomStream(seed: seed)
    return (0..<count).map { _ in Int32(random.next() % 6) }
  }

  private func images(_ seed: UInt64, _ count: Int, _ size: Int) -> [Float] {
    uniform(seed, count * size * size, -1.5, 1.5)
  }

  private func logits(_ network: MobileEmotionNet, _ x: [Float], batch: Int, training: Bool) throws -> [Float] {
    let outputs = try network.forward(
      x, extents: [batch, 1, network.imageSize, network.imageSize], training: training, seed: nil)
    return Array(UnsafeBufferPointer(start: outputs[0], count: batch * 6))
  }

  @Test func namesAndCountsAreTorchvisions() throws {
    let (network, golden) = (try network(size: 32, threads: 1), try Golden.mobileNet.get())
    #expect(network.arena.parameters.map(\.name) == (try golden.texts("names")))
    #expect(network.arena.stateNames == (try golden.texts("state")))
    let backbone = network.arena.parameters.filter { $0.name.hasPrefix("backbone.") }.reduce(0) { $0 + $1.count }
    #expect(backbone == 926_720)
  }

  @Test(arguments: cases) func evaluation(_ example: (size: Int, batch: Int)) throws {
    let (network, golden) = (try network(size: example.size), try Golden.mobileNet.get())
    let x = images(UInt64(900 + example.size), example.batch, example.size)
    let name = "network-\(example.size)/evaluation"
    let logits = try logits(network, x, batch: example.batch, training: false)
    #expect(largestDifference(logits, try golden.tensor("\(name)/logits")) < 1e-5)
    let embedding = sample(network.head.embedding.pointer, example.batch * 1280)
    #expect(largestDifference(embedding, try golden.tensor("\(name)/embedding")) < 1e-5)
  }

  @Test(arguments: cases) func firstStep(_ example: (size: Int, batch: Int)) throws {
    let (network, golden) = (try network(size: example.size), try Golden.mobileNet.get())
    let (name, seed) = ("network-\(example.size)", UInt64(900 + example.size))
    let x = images(seed, example.batch, example.size)
    let logits = try logits(network, x, batch: example.batch, training: true)
    let tolerance = max(1e-5, 2 * (try golden.number("\(name)/logits-distance")))
    let worst = largestDifference(logits, try golden.tensor("\(name)/logits"))
    #expect(worst < tolerance, "\(worst), PyTorch's f32 twice: \(tolerance)")
    let statistics = network.arena.buffers.flatMap { buffer in
      if case .float32(let pointer) = buffer.storage { sample(pointer, buffer.shape[0]) } else { [Float]() }
    }
    #expect(distance(statistics, try golden.tensor("\(name)/statistics")) < 1e-5)
    var gradient = [Float](repeating: 0, count: logits.count)
    _ = try CrossEntropy(labelSmoothing: 0.15).evaluate(
      logits: logits, targets: labels(seed + 1, example.batch), batch: example.batch, classes: 6, gradient: &gradient)
    try gradient.withUnsafeBufferPointer {
      try network.backward([$0.baseAddress, nil], accumulate: false, ready: nil)
    }
    let sampled = network.arena.parameters.flatMap { sample($0.gradient, $0.count) }
    let exact = try golden.tensor("\(name)/gradients")
    let allowed = 2 * (try golden.number("\(name)/gradient-distance"))
    let ours = distance(sampled, exact)
    #expect(ours < allowed, "relative distance from f64: \(ours), PyTorch's f32 twice: \(allowed)")
    #expect(distance(sampled.map { $0 * 1.05 }, exact) > allowed)
  }

  /// AdamW makes whole steps of tiny gradients, whose signs rounding decides: so PyTorch's own f32 is a bound.
  @Test func fiveSteps() throws {
    let (network, golden) = (try network(size: 48), try Golden.mobileNet.get())
    let (x, y) = (images(964, 16, 48), labels(965, 16))
    let loss = try CrossEntropy(labelSmoothing: 0.15)
    let optimiser = try Optimizer(
      AdamW(),
      of: network.arena.parameters.map {
        Optimizer.Tensor(value: $0.value, gradient: $0.gradient, count: $0.count)
      }, executor: network.context.executor)
    var (gradient, losses) = ([Float](repeating: 0, count: 96), [Double]())
    for _ in 0..<5 {
      let logits = try logits(network, x, batch: 16, training: true)
      losses.append(try loss.evaluate(logits: logits, targets: y, batch: 16, classes: 6, gradient: &gradient).mean)
      try gradient.withUnsafeBufferPointer {
        try network.backward([$0.baseAddress, nil], accumulate: false, ready: nil)
      }
      optimiser.step(learningRate: 1e-4)
      network.parametersChanged()
    }
    let fromExact = zip(losses, try golden.numbers("losses")).map { abs($0 - $1) }
    #expect(fromExact.count == 5)
    for (ours, rounding) in zip(fromExact, try golden.numbers("losses/distance")) {
      #expect(ours < max(2e-4, 2 * rounding), "\(fromExact)")
    }
  }

  /// No convolution may fall back to oneDNN's plain loops.
  @Test func noImplementationIsTheReference() throws {
    let network = try network(size: 48)
    let x = images(1, 4, 48)
    _ = try logits(network, x, batch: 4, training: true)
    let gradient = [Float](repeating: 0.1, count: 24)
    try gradient.withUnsafeBufferPointer {
      try network.backward([$0.baseAddress, nil], accumulate: false, ready: nil)
    }
    let names = network.context.implementations
    #expect(!names.isEmpty && !names.contains { $0.contains("ref") }, "\(names)")
  }

  /// Evaluation takes a batch in parts, and what other images a batch holds does not matter.
  @Test func evaluationDoesNotDependOnTheBatch() throws {
    let network = try network(size: 32)
    let x = images(7, 21, 32)
    let together = try logits(network, x, batch: 21, training: false)
    for image in [0, 15, 16, 20] {
      let alone = try logits(network, Array(x[image * 1024..<(image + 1) * 1024]), batch: 1, training: false)
      #expect(largestDifference(alone, Array(together[image * 6..<image * 6 + 6])) < 1e-5)
    }
  }

  @Test func aFrozenBackboneKeepsItsStatistics() throws {
    let network = try network(size: 32)
    network.freezeBackbone()
    func statistics() -> [Float] {
      network.arena.buffers.flatMap { buffer in
        if case .float32(let pointer) = buffer.storage { sample(pointer, buffer.shape[0]) } else { [Float]() }
      }
    }
    let before = statistics()
    let x = images(8, 4, 32)
    let trained = try logits(network, x, batch: 4, training: true)
    #expect(trained == (try logits(network, x, batch: 4, training: false)))
    _ = try logits(network, x, batch: 4, training: true)
    let gradient = [Float](repeating: 0.1, count: 24)
    try gradient.withUnsafeBufferPointer {
      try network.backward([$0.baseAddress, nil], accumulate: false, ready: nil)
    }
    #expect(statistics() == before)
    for parameter in network.arena.parameters {
      let moved = (0..<parameter.count).contains { parameter.gradient[$0] != 0 }
      #expect(moved == parameter.trainable, "\(parameter.name)")
    }
  }
}
