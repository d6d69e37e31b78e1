import SentryNN
import SentryThreads

/// What a trainer does around a network with several heads.
final class TrainingStep {
  private let batch: Int
  private let classes: [Int]
  private let labels: [[Int32]]
  private let slopes: [FloatBuffer]
  private let loss: CrossEntropy
  private let optimiser: Optimizer
  private let rate: Double
  private var step: UInt64 = 0

  init(
    _ arena: ParameterArena, _ executor: any ParallelExecutor, batch: Int, classes: [Int], smoothing: Double,
    decay: Double, rate: Double
  ) throws {
    (self.batch, self.classes, self.rate) = (batch, classes, rate)
    var random = RandomStream(seed: 2)
    labels = classes.map { count in (0..<batch).map { _ in Int32(random.next() % UInt64(count)) } }
    slopes = try classes.map { try FloatBuffer(batch * $0) }
    loss = try CrossEntropy(labelSmoothing: smoothing)
    optimiser = try Optimizer(
      AdamW(weightDecay: decay),
      of: arena.parameters.map { Optimizer.Tensor(value: $0.value, gradient: $0.gradient, count: $0.count) },
      executor: executor)
  }

  func run(
    forward: (_ seed: UInt64) throws -> [UnsafePointer<Float>], backward: ([UnsafePointer<Float>?]) throws -> Void
  ) throws {
    step += 1
    for (task, logits) in try forward(step).enumerated() {
      _ = try loss.evaluate(
        logits: logits, targets: labels[task], batch: batch, classes: classes[task], gradient: slopes[task].pointer)
    }
    try backward(slopes.map { UnsafePointer($0.pointer) })
    optimiser.step(learningRate: rate)
  }
}
