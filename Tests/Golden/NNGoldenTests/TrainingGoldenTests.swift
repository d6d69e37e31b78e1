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

  @Test func cosineAnnealing() throws {
    let schedule = LearningRateSchedule.cosineAnnealing(base: 1e-4, minimum: 1e-6, period: 7)
    for (epoch, rate) in try Golden.layers.get().numbers("cosine").enumerated() {
      #expect(abs(schedule.rate(epoch: epoch) - rate) < 1e-12)
    }
    #expect(LearningRateSchedule.constant(0.5).rate(epoch: 9) == 0.5)
  }
}
