import SentryThreads
import Testing

@testable import EmotionDenseNet
@testable import SentryNN

/// Training in bfloat16, with less memory, and with a dynamic schedule.
@Suite(.serialized) struct PrecisionTests {
  /// oneDNN emulates bfloat16 from AVX-512 on, and knows none below.
  static let hasBFloat16 = (try? CPULevel.selected()).map { $0 != .avx2 } ?? false

  private func makeNetwork(size: Int, _ change: (inout EmotionNet.Options) -> Void) throws -> EmotionNet {
    var options = EmotionNet.Options()
    (options.imageSize, options.seed, options.forcesPrecision) = (size, 3, true)
    change(&options)
    return try EmotionNet(options, executor: try ThreadPool(threadCount: 2))
  }

  private func step(_ network: EmotionNet, batch: Int, seed: UInt64? = nil) throws -> (logits: [Float], loss: Double) {
    let size = network.options.imageSize
    let output = try network.forward(
      input: uniform(11, batch * size * size, -1.5, 1.5), batch: batch, training: true, seed: seed)
    let logits = Array(UnsafeBufferPointer(start: output.logits, count: batch * 6))
    var gradient = [Float](repeating: 0, count: batch * 6)
    let result = try CrossEntropy().evaluate(
      logits: logits, targets: (0..<batch).map { Int32($0 % 6) }, batch: batch, classes: 6, gradient: &gradient)
    try network.backward(logitsGradient: gradient)
    return (logits, result.mean)
  }

  private func gradients(_ network: EmotionNet) -> [String: [Float]] {
    Dictionary(
      uniqueKeysWithValues: network.parameters.map {
        ($0.name, Array(UnsafeBufferPointer(start: $0.gradient, count: $0.count)))
      })
  }

  @Test(.enabled(if: hasBFloat16, "this CPU has no AVX-512"))
  func lossesOfFiveStepsInBFloat16() throws {
    let golden = try Golden.network.get()
    let network = try makeNetwork(size: 64) { $0.precision = .bf16 }
    fillState(network.parameters, network.buffers, seed: 1000)
    network.parametersChanged()
    var random = RandomStream(seed: 965)
    let (x, y) = (uniform(964, 32 * 64 * 64, -1.5, 1.5), (0..<32).map { _ in Int32(random.next() % 6) })
    let loss = try CrossEntropy(labelSmoothing: 0.15)
    let optimiser = try Optimizer(
      AdamW(), of: network.parameters.map { Optimizer.Tensor(value: $0.value, gradient: $0.gradient, count: $0.count) },
      executor: network.context.executor)
    var (gradient, differences) = ([Float](repeating: 0, count: 192), [Double]())
    for exact in try golden.numbers("losses") {
      let output = try network.forward(input: x, batch: 32, training: true)
      let result = try loss.evaluate(logits: output.logits, targets: y, batch: 32, classes: 6, gradient: &gradient)
      differences.append(abs(result.mean - exact))
      try network.backward(logitsGradient: gradient)
      optimiser.step(learningRate: 1e-4)
      network.parametersChanged()
    }
    // As f32's: no farther from f64 than twice what PyTorch's own bf16 is.
    let own = try golden.numbers("losses/bf16-distance")
    #expect(zip(differences, own).allSatisfy { $0 < 2 * $1 }, "\(differences), PyTorch's \(own)")
    #expect(differences.contains { $0 > 1e-5 }, "this was f32: \(differences)")
  }

  @Test(.enabled(if: hasBFloat16, "this CPU has no AVX-512"))
  func logitsInBFloat16() throws {
    let golden = try Golden.network.get()
    let network = try makeNetwork(size: 64) { $0.precision = .bf16 }
    fillState(network.parameters, network.buffers, seed: 1000)
    network.parametersChanged()
    let output = try network.forward(input: uniform(964, 16 * 64 * 64, -1.5, 1.5), batch: 16, training: false)
    let logits = Array(UnsafeBufferPointer(start: output.logits, count: 96))
    let difference = distance(logits, try golden.tensor("network-64/evaluation/logits"))
    #expect(difference < 3e-2)
    // Evaluation takes f32 where bfloat16 would be emulated.
    #expect((difference > 1e-5) == (network.context.level == .avx512bf16), "\(difference)")
  }

  @Test(.enabled(if: hasBFloat16, "this CPU has no AVX-512"), arguments: [(32, 5), (48, 64), (50, 3), (224, 2)])
  func noReferenceImplementationInBFloat16(_ size: Int, _ batch: Int) throws {
    let network = try makeNetwork(size: size) { $0.precision = .bf16 }
    _ = try step(network, batch: batch)
    let names = network.context.implementations
    #expect(names.contains { $0.contains("bf16") }, "\(names)")
    #expect(names.allSatisfy { !$0.contains("ref") }, "\(names)")
  }

  @Test(.enabled(if: hasBFloat16, "this CPU has no AVX-512")) func sameBytesInTwoRunsInBFloat16() throws {
    func train() throws -> [String: [Float]] {
      let network = try makeNetwork(size: 40) { $0.precision = .bf16 }
      _ = try step(network, batch: 7, seed: 1)
      return gradients(network)
    }
    #expect(try train() == train())
  }

  @Test func lowMemoryChangesNothing() throws { try compareMemoryUses(.f32) }

  @Test(.enabled(if: hasBFloat16, "this CPU has no AVX-512"))
  func lowMemoryChangesNothingInBFloat16() throws { try compareMemoryUses(.bf16) }

  private func compareMemoryUses(_ precision: Precision) throws {
    let networks = try MemoryUse.allCases.map { memory in
      try makeNetwork(size: 64) { ($0.memory, $0.precision) = (memory, precision) }
    }
    let losses = try networks.map { try step($0, batch: 6, seed: 1).loss }
    #expect(losses[0] == losses[1])
    #expect(gradients(networks[0]) == gradients(networks[1]))
    #expect(networks[1].estimatedTrainingBytes(batch: 6) < networks[0].estimatedTrainingBytes(batch: 6))
  }

  @Test func dynamicScheduleAgrees() throws {
    let networks = try Schedule.allCases.map { schedule in try makeNetwork(size: 64) { $0.schedule = schedule } }
    let logits = try networks.map { try step($0, batch: 8).logits }
    #expect(largestDifference(logits[0], logits[1]) < 1e-4)
    let (fixed, dynamic) = (gradients(networks[0]), gradients(networks[1]))
    for name in ["classifier.3.weight", "backbone.features.norm5.weight"] {
      #expect(distance(try #require(dynamic[name]), try #require(fixed[name])) < 1e-3, "\(name)")
    }
  }

  @Test func bfloat16IsRefusedWithAReason() throws {
    #expect(throws: NNError.self) { try Precision.bf16.check(.avx2, forced: true) }
    #expect(throws: NNError.self) { try Precision.bf16.check(.avx512, forced: false) }
    try Precision.bf16.check(.avx512, forced: true)
    try Precision.bf16.check(.avx512bf16, forced: false)
    for level in CPULevel.allCases { try Precision.f32.check(level, forced: false) }
  }
}
