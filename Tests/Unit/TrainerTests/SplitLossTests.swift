import SentryPluginAPI
import SentryTestSupport
import Testing

@testable import TrainerSupervised

/// The loss over a split: Σ w·loss / Σ w of each task, whatever the batches.
@Suite struct SplitLossTests {
  private static let count = 20
  private let inputs = (0..<count).flatMap { row -> [Float] in
    let (x, y) = (Float(7 * row % 11), Float(5 * row % 13))
    return [x / 3 - 2, y / 4 - 1]
  }
  private let first: [Int64] = [0, 1, 0, 2, -1, 0, 2, 0, 1, 0, 2, -1, 0, 2, 0, 1, 0, 2, 0, 0]
  /// Few labels, all of them in the second half: whole batches have none.
  private let second: [Int64] = (0..<20).map { row -> Int64 in
    guard row >= 10, row % 3 != 0 else { return -1 }
    return row % 5 == 0 ? 1 : 0
  }

  private func trainer(_ model: any Model, _ tasks: [RunSpecification.CountedTask]) throws -> SupervisedTrainer {
    let json =
      #"{"lr":0.1,"min-lr":0,"schedule":"constant","period":0,"weight-decay":0.05,"beta1":0.9,"beta2":0.999,"eps":1e-8,"#
      + #""clip-norm":0,"label-smoothing":0.1,"class-weights":"inverse","patience":0,"# + SupervisedOptions.others + "}"
    let trainer = try SupervisedTrainer(Options(json: json), host: TestHost.host)
    try trainer.begin(
      model, run: RunSpecification(epochs: 1, stepsPerEpoch: 1, batchSize: 7, balanced: false, tasks: tasks))
    return trainer
  }

  /// Added up as ``TaskLossTrainer`` says.
  private func loss(_ trainer: SupervisedTrainer, targets: [[Int64]], batch size: Int, parts: Int? = nil) throws
    -> Double
  {
    if let parts { try trainer.useMicroBatches(of: parts) }
    var sums = targets.map { _ in WeightedLoss() }
    for start in stride(from: 0, to: Self.count, by: size) {
      let range = start..<min(start + size, Self.count)
      _ = try trainer.evaluate(
        Batch(
          epoch: 0, step: 0, seed: 0,
          inputs: Tensor([range.count, 2], Array(inputs[range.lowerBound * 2..<range.upperBound * 2])),
          targets: Tensor([range.count, targets.count], range.flatMap { row in targets.map { $0[row] } })))
      for (task, loss) in trainer.taskLosses.enumerated() { sums[task] += loss }
    }
    return sums.reduce(0) { $0 + $1.sum / $1.weight }
  }

  @Test(arguments: [1, 3, 7, 16, 128], [nil, 2]) func oneTask(batch: Int, parts: Int?) throws {
    let task = RunSpecification.CountedTask(name: "kind", classes: ["c0", "c1", "c2"], counts: [10, 20, 30])
    let trainer = try trainer(LinearClassifier(), [task])
    let ours = try loss(trainer, targets: [first], batch: batch, parts: parts)
    #expect(abs(ours - (try loss(trainer, targets: [first], batch: Self.count))) < 1e-9)
    #expect(abs(ours - PyTorch.splitLoss) < 1e-6)
  }

  @Test(arguments: [1, 3, 7, 16, 128]) func severalTasks(batch: Int) throws {
    let tasks: [RunSpecification.CountedTask] = [
      .init(name: "first", classes: ["c0", "c1", "c2"], counts: [10, 20, 30]),
      .init(name: "second", classes: ["c0", "c1"], counts: [9, 1]),
    ]
    let trainer = try trainer(TwoTaskModel(), tasks)
    let whole = try loss(trainer, targets: [first, second], batch: Self.count)
    #expect(abs(try loss(trainer, targets: [first, second], batch: batch) - whole) < 1e-9)
    // In one batch it is PyTorch's loss of the batch, which training has.
    let batch = Batch(
      epoch: 0, step: 0, seed: 0, inputs: Tensor([20, 2], inputs),
      targets: Tensor([20, 2], (0..<20).flatMap { [first[$0], second[$0]] }))
    #expect(abs(try trainer.evaluate(batch).loss - whole) < 1e-12)
  }
}
