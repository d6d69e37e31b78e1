import SentryNN
import SentryThreads
import Testing

@Suite struct TrainingGoldenTests {
  @Test(arguments: ["cross-entropy", "cross-entropy-weighted"])
  func crossEntropy(_ name: String) throws {
    let golden = try Golden.layers.get()
    let weights = name.hasSuffix("weighted") ? uniform(501, 6, 0.2, 2).map(Double.init) : nil
    let loss = try CrossEntropy(labelSmoothing: 0.15, classWeights: weights)
    var gradient = [Float](repeating: 7, count: 30)
    let result = try loss.evaluate(
      logits: uniform(500, 30, -3, 3), targets: [0, 5, -1, 2, 2], batch: 5, classes: 6, gradient: &gradient)
    #expect(abs(result.mean - (try golden.number(name))) < 1e-7)
    let exact = try golden.tensor("\(name)/gradient")
    #expect(distance(gradient, exact) < 1e-6)
    #expect(distance(gradient.map { $0 * 1.05 }, exact) > 1e-2)
  }

  @Test(arguments: [1, 2]) func adamW(threads: Int) throws {
    let golden = try Golden.layers.get()
    let (values, gradient) = (try FloatBuffer(1000), try FloatBuffer(1000))
    values.pointer.update(from: uniform(600, 1000, -1, 1), count: 1000)
    // Two tensors of odd lengths: the norm is over both.
    let optimiser = try Optimizer(
      AdamW(),
      of: [(0, 37), (37, 963)].map {
        Optimizer.Tensor(value: values.pointer + $0.0, gradient: UnsafePointer(gradient.pointer + $0.0), count: $0.1)
      }, executor: try ThreadPool(threadCount: threads))
    for step in 0..<4 {
      gradient.pointer.update(from: uniform(601 + UInt64(step), 1000, -1, 1), count: 1000)
      let norm = optimiser.step(learningRate: 1e-3)
      #expect(abs(norm - (try golden.number("adamw/norm/\(step)"))) < 1e-4)
    }
    let ours = Array(UnsafeBufferPointer(start: values.pointer, count: 1000))
    #expect(largestDifference(ours, try golden.tensor("adamw/values")) < 1e-6)
  }

  @Test(arguments: ["plain", "momentum", "nesterov"], [1, 2]) func sgd(name: String, threads: Int) throws {
    let golden = try Golden.layers.get()
    let rule =
      switch name {
      case "plain": try SGD(momentum: 0, weightDecay: 0.02)
      case "momentum": try SGD(momentum: 0.9)
      default: try SGD(momentum: 0.8, nesterov: true, weightDecay: 0.05)
      }
    let (values, gradient) = (try FloatBuffer(1000), try FloatBuffer(1000))
    values.pointer.update(from: uniform(600, 1000, -1, 1), count: 1000)
    let optimiser = try Optimizer(
      rule,
      of: [(0, 37), (37, 963)].map {
        Optimizer.Tensor(value: values.pointer + $0.0, gradient: UnsafePointer(gradient.pointer + $0.0), count: $0.1)
      }, maximumNorm: 12, executor: try ThreadPool(threadCount: threads))
    for step in 0..<5 {
      gradient.pointer.update(from: uniform(601 + UInt64(step), 1000, -1, 1), count: 1000)
      optimiser.step(learningRate: step < 3 ? 0.1 : 0.05)
    }
    let exact = try golden.tensor("sgd/\(name)/values")
    #expect(largestDifference(Array(UnsafeBufferPointer(start: values.pointer, count: 1000)), exact) < 1e-6)
    #expect(rule.slots.count == (name == "plain" ? 0 : 1))
    if name != "plain" {
      let momentum = [(0, 37), (1, 963)].flatMap { tensor, count in
        Array(UnsafeBufferPointer(start: optimiser.state(0, of: tensor), count: count))
      }
      #expect(largestDifference(momentum, try golden.tensor("sgd/\(name)/momentum")) < 1e-6)
    }
    // What its state_dict() has, and no more: torch.optim.SGD.load_state_dict takes every member over.
    let members = Set(rule.settings.keys).union(rule.torchFlags.keys)
    #expect(try golden.texts("sgd/\(name)/group") == members.sorted())
  }

  /// The step is down the slope: a loss whose gradient is known gets less by what the first order says.
  @Test(arguments: [(0.0, false), (0.9, false), (0.9, true)])
  func sgdStepsDownTheSlope(momentum: Double, nesterov: Bool) throws {
    let (values, gradient) = (try FloatBuffer(50), try FloatBuffer(50))
    values.pointer.update(from: uniform(700, 50, -1, 1), count: 50)
    func half() -> Double { (0..<50).reduce(0) { $0 + Double(values.pointer[$1]) * Double(values.pointer[$1]) / 2 } }
    let optimiser = try Optimizer(
      SGD(momentum: momentum, nesterov: nesterov),
      of: [.init(value: values.pointer, gradient: UnsafePointer(gradient.pointer), count: 50)], maximumNorm: nil,
      executor: try ThreadPool(threadCount: 1))
    gradient.pointer.update(from: values.pointer, count: 50)
    let before = half()
    optimiser.step(learningRate: 1e-3)
    // The first step is along the gradient, with Nesterov's momentum (1 + µ) times as far; |g|² = 2 · loss.
    let expected = 2 * before * 1e-3 * (nesterov ? 1 + momentum : 1)
    #expect(abs((before - half()) / expected - 1) < 2e-3, "scaled by 1.05 it would be off by 5e-2")
  }

  @Test func nesterovNeedsMomentum() {
    #expect(throws: NNError.self) { try SGD(momentum: 0, nesterov: true) }
  }

  @Test func cosineAnnealing() throws {
    let schedule = CosineSchedule(base: 1e-4, minimum: 1e-6, period: 7)
    for (epoch, rate) in try Golden.layers.get().numbers("cosine").enumerated() {
      #expect(abs(schedule.rate(epoch: epoch, step: 0) - rate) < 1e-12)
    }
    #expect(ConstantSchedule(0.5).rate(epoch: 9, step: 0) == 0.5)
  }
}
