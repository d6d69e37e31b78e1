import SentryThreads
import Testing

@testable import EmotionDenseNet
@testable import SentryNN

/// What the network promises its callers.
@Suite(.serialized) struct EmotionNetTests {
  private func makeNetwork(size: Int = 32, threads: Int = 2, frozenNorm: FrozenNorm = .batchStatistics) throws
    -> EmotionNet
  {
    var options = EmotionNet.Options()
    (options.imageSize, options.seed, options.frozenNorm) = (size, 3, frozenNorm)
    return try EmotionNet(options, executor: try ThreadPool(threadCount: threads))
  }

  private func step(_ network: EmotionNet, batch: Int, seed: UInt64? = nil, accumulate: Bool = false) throws {
    let size = network.options.imageSize
    let output = try network.forward(
      input: uniform(11, batch * size * size, -1.5, 1.5), batch: batch, training: true, seed: seed)
    var gradient = [Float](repeating: 0, count: batch * 6)
    _ = try CrossEntropy().evaluate(
      logits: output.logits, targets: (0..<batch).map { Int32($0 % 6) }, batch: batch, classes: 6, gradient: &gradient)
    try network.backward(logitsGradient: gradient, accumulate: accumulate)
  }

  private func gradients(_ network: EmotionNet) -> [String: [Float]] {
    Dictionary(
      uniqueKeysWithValues: network.parameters.map {
        ($0.name, Array(UnsafeBufferPointer(start: $0.gradient, count: $0.count)))
      })
  }

  @Test(arguments: [(32, 5), (48, 64), (50, 3), (224, 2)]) func noReferenceImplementation(_ size: Int, _ batch: Int)
    throws
  {
    let network = try makeNetwork(size: size)
    try step(network, batch: batch)
    _ = try network.forward(input: uniform(1, size * size, -1, 1), batch: 1, training: false)
    let names = network.implementations
    #expect(!names.isEmpty)
    #expect(names.allSatisfy { !$0.contains("ref") }, "\(names)")
    // Maps of 12×12 and more are Winograd's where oneDNN has it; ours is for smaller ones, too.
    let winograd = network.context.level.winograd(.f32) == .ownWinograd || size == 224 || batch == 64
    #expect(names.contains { $0.contains("wino") } == winograd, "\(names)")
  }

  @Test(arguments: [1, 2, 3]) func sameBytesInTwoRuns(threads: Int) throws {
    func train() throws -> [[UInt32]] {
      let network = try makeNetwork(size: 40, threads: threads)
      let optimiser = try Optimizer(
        AdamW(),
        of: network.parameters.map { Optimizer.Tensor(value: $0.value, gradient: $0.gradient, count: $0.count) },
        executor: network.context.executor)
      for seed in 0..<3 {
        try step(network, batch: 7, seed: UInt64(seed))
        optimiser.step(learningRate: 1e-4)
        network.parametersChanged()
      }
      return network.parameters.map { parameter in (0..<parameter.count).map { parameter.value[$0].bitPattern } }
    }
    #expect(try train() == train())
  }

  /// What is told to be final in the middle of the pass is what the whole pass leaves, bit for bit.
  @Test(arguments: [false, true]) func gradientsAreFinalWhenTheyAreTold(accumulate: Bool) throws {
    let (whole, staged) = (try makeNetwork(size: 40), try makeNetwork(size: 40))
    if accumulate { for network in [whole, staged] { try step(network, batch: 3, seed: 4) } }
    try step(whole, batch: 5, seed: 1, accumulate: accumulate)
    let expected = gradients(whole)
    let output = try staged.forward(input: uniform(11, 5 * 1600, -1.5, 1.5), batch: 5, training: true, seed: 1)
    var slope = [Float](repeating: 0, count: 5 * 6)
    _ = try CrossEntropy().evaluate(
      logits: output.logits, targets: (0..<5).map { Int32($0 % 6) }, batch: 5, classes: 6, gradient: &slope)
    let order = Dictionary(uniqueKeysWithValues: staged.parameters.enumerated().map { ($1.name, $0) })
    var told: [Int] = []
    try staged.backward(logitsGradient: slope, accumulate: accumulate) { first in
      told.append(try #require(order[first.name]))
      let now = self.gradients(staged)
      for parameter in staged.parameters[(told.last ?? 0)...] {
        #expect(now[parameter.name] == expected[parameter.name], "\(parameter.name) at \(first.name)")
      }
    }
    #expect(gradients(staged) == expected)
    #expect(told.count > 5 && told == told.sorted(by: >), "\(told)")
  }

  @Test func threadsAgree() throws {
    let networks = try [1, 3].map { try makeNetwork(size: 48, threads: $0) }
    for network in networks { try step(network, batch: 5, seed: 1) }
    let (one, three) = (gradients(networks[0]), gradients(networks[1]))
    for name in ["classifier.3.weight", "projection.0.weight", "backbone.features.norm5.weight"] {
      #expect(distance(try #require(three[name]), try #require(one[name])) < 1e-3, "\(name)")
    }
  }

  @Test func evaluationDoesNotDependOnTheBatch() throws {
    let network = try makeNetwork(size: 45)
    let images = uniform(21, 5 * 45 * 45, -1, 1)
    let all = try network.forward(input: images, batch: 5, training: false)
    let logits = Array(UnsafeBufferPointer(start: all.logits, count: 30))
    for image in 0..<5 {
      let input = Array(images[image * 2025..<(image + 1) * 2025])
      let alone = try network.forward(input: input, batch: 1, training: false)
      let single = Array(UnsafeBufferPointer(start: alone.logits, count: 6))
      #expect(largestDifference(single, Array(logits[image * 6..<image * 6 + 6])) < 1e-5)
    }
  }

  @Test(arguments: [
    "denseblock4.denselayer3", "transition2.conv", "denseblock1.denselayer2.conv2", "projection", "norm5",
  ])
  func frozenLayersGetNoGradientAndChangeNoOther(first: String) throws {
    let (free, frozen) = (try makeNetwork(size: 64), try makeNetwork(size: 64))
    var trains = false
    for parameter in frozen.parameters {
      trains = trains || parameter.name.contains(first)
      parameter.trainable = trains
    }
    for network in [free, frozen] { try step(network, batch: 4) }
    let exact = gradients(free)
    for parameter in frozen.parameters {
      let values = Array(UnsafeBufferPointer(start: parameter.gradient, count: parameter.count))
      if parameter.trainable {
        #expect(distance(values, try #require(exact[parameter.name])) < 1e-5, "\(parameter.name)")
      } else {
        #expect(values.allSatisfy { $0 == 0 }, "\(parameter.name)")
      }
    }
  }

  @Test func gradientsAddUp() throws {
    let network = try makeNetwork(size: 64)
    try step(network, batch: 4)
    let once = gradients(network)
    try step(network, batch: 4, accumulate: true)
    for (name, values) in gradients(network) {
      #expect(distance(values, try #require(once[name]).map { $0 * 2 }) < 1e-5, "\(name)")
    }
  }

  @Test func frozenNormsByRunningStatisticsKeepThem() throws {
    let network = try makeNetwork(size: 64, frozenNorm: .runningStatistics)
    for parameter in network.parameters where parameter.name.contains("norm0") { parameter.trainable = false }
    try step(network, batch: 4)
    for buffer in network.buffers {
      guard case .int64(let count) = buffer.storage else { continue }
      #expect(count.pointee == (buffer.name.contains("norm0") ? 0 : 1), "\(buffer.name)")
    }
  }

  /// Frozen layers with running statistics run folded, as in inference. With a stem that trains they cannot; its own gradient
  /// apart, all must be the same, but for rounding that turns single ReLUs.
  @Test(arguments: ["denseblock3", "projection"]) func aFrozenPrefixChangesNothing(first: String) throws {
    let networks = try (0..<2).map { _ in try makeNetwork(size: 64, frozenNorm: .runningStatistics) }
    var logits: [[Float]] = []
    for (index, network) in networks.enumerated() {
      // Running statistics that are not those of a new network.
      for _ in 0..<2 { try step(network, batch: 6) }
      var trains = false
      for parameter in network.parameters {
        trains = trains || parameter.name.contains(first)
        parameter.trainable = trains || (index == 1 && parameter.name.contains("conv0"))
      }
      for _ in 0..<2 { try step(network, batch: 6) }
      #expect((network.prefix != nil) == (index == 0))
      let images = uniform(11, 6 * 64 * 64, -1.5, 1.5)
      let output = try network.forward(input: images, batch: 6, training: true)
      logits.append(Array(UnsafeBufferPointer(start: output.logits, count: 36)))
    }
    #expect(distance(logits[0], logits[1]) < 1e-5)
    let (folded, plain) = (gradients(networks[0]), gradients(networks[1]))
    let names = networks[0].parameters.filter(\.trainable).map(\.name)
    #expect(try names.allSatisfy { try #require(folded[$0]).contains { $0 != 0 } })
    let difference = distance(names.flatMap { folded[$0] ?? [] }, names.flatMap { plain[$0] ?? [] })
    #expect(difference < 0.02, "\(difference)")
    for buffer in networks[0].buffers {
      guard case .int64(let count) = buffer.storage else { continue }
      let norm = try #require(
        networks[0].parameters.first {
          $0.name.hasSuffix("weight") && buffer.name.hasPrefix($0.name.dropLast(6))
        })
      #expect(count.pointee == (norm.trainable ? 5 : 2), "\(buffer.name)")
    }
  }

  @Test func badCallsAreErrors() throws {
    #expect(throws: NNError.self) { try makeNetwork(size: 31) }
    let network = try makeNetwork()
    #expect(throws: NNError.self) { try network.forward(input: [0], batch: 0, training: false) }
    #expect(throws: NNError.self) { try network.backward(logitsGradient: [0]) }
    let image = uniform(1, 1024, -1, 1)
    #expect(throws: NNError.self) { try network.forward(input: image, batch: 1, training: true) }
    _ = try network.forward(input: image, batch: 1, training: false)
    #expect(throws: NNError.self) { try network.backward(logitsGradient: [0]) }
  }
}
