import SentryPluginAPI
import SentryTestSupport
import Testing

@testable import TrainerSupervised

/// A batch that goes through the model in parts: loss and gradients stay those of the whole.
@Suite struct MicroBatchTests {
  private func trainer(_ parts: Int?) throws -> (SupervisedTrainer, LinearClassifier) {
    let json =
      #"{"lr":0.1,"min-lr":0,"schedule":"constant","period":0,"weight-decay":0.05,"beta1":0.9,"beta2":0.999,"eps":1e-8,"#
      + #""clip-norm":0,"label-smoothing":0.15,"class-weights":"inverse","patience":0,"#
      + SupervisedOptions.others + "}"
    let trainer = try SupervisedTrainer(Options(json: json), host: TestHost.host)
    let model = LinearClassifier()
    let task = RunSpecification.CountedTask(name: "kind", classes: ["c0", "c1", "c2"], counts: [3, 40, 11])
    try trainer.begin(
      model, run: RunSpecification(epochs: 1, stepsPerEpoch: 1, batchSize: 7, balanced: false, tasks: [task]))
    if let parts { try trainer.useMicroBatches(of: parts) }
    try trainer.beginEpoch(0)
    return (trainer, model)
  }

  private let batch = Batch(
    epoch: 0, step: 0, seed: 1,
    inputs: Tensor([7, 2], [Float(1), 2, -1, 0.5, 2, -2, 0.25, 1, -3, 1, 0.5, 0.75, 1.5, -0.5]),
    // One class weighs much more than another, and one sample does not count: parts weigh differently.
    targets: Tensor([7, 1], [Int64(0), 1, 1, -1, 2, 1, 1]))

  @Test(arguments: [1, 2, 3, 4, 6]) func gradientsAreThoseOfTheWhole(parts: Int) throws {
    let ((whole, one), (split, two)) = (try trainer(nil), try trainer(parts))
    let (first, second) = (try whole.step(batch), try split.step(batch))
    #expect(abs(first.loss - second.loss) < 1e-6)
    #expect(first.correct == second.correct && first.labelled == second.labelled && second.labelled == [6])
    #expect(second.lossWeight == 6)
    let largest = try one.gradient.array(of: Float.self).map(abs).max() ?? 0
    #expect(largest > 0.05)
    for (a, b) in zip(try one.gradient.array(of: Float.self), try two.gradient.array(of: Float.self)) {
      #expect(abs(a - b) < 1e-6, "scaled by 1.05 the largest would be off by \(largest * 0.05)")
    }
    for (a, b) in zip(try one.weight.array(of: Float.self), try two.weight.array(of: Float.self)) {
      #expect(abs(a - b) < 1e-5)
    }
  }

  @Test func partsWeighDifferently() throws {
    // Else the test above would pass with plain means of parts.
    let (whole, _) = try trainer(nil)
    let parts = try trainer(3).0.parts(of: batch)
    #expect(parts.map { $0.inputs.shape[0] } == [2, 2, 3])
    let mean = try parts.reduce(0) { $0 + (try whole.evaluate($1).loss) } / 3
    #expect(abs(mean - (try whole.evaluate(batch).loss)) > 0.01)
    #expect(Set(parts.map(\.seed)).count == 3, "each part draws its own drop-out")
  }

  @Test func evaluationIsThatOfTheWhole() throws {
    let ((whole, _), (split, _)) = (try trainer(nil), try trainer(3))
    let (first, second) = (try whole.evaluate(batch), try split.evaluate(batch))
    #expect(abs(first.loss - second.loss) < 1e-9 && first.correct == second.correct)
    #expect(second.logits.map(\.shape) == [[7, 3]])
    #expect(try first.logits[0].array(of: Float.self) == second.logits[0].array(of: Float.self))
  }

  @Test func aBatchThatFitsIsLeftWhole() throws {
    let (trainer, _) = try trainer(7)
    #expect(try trainer.parts(of: batch).count == 1)
  }

  @Test func timesAreGivenOnce() throws {
    let (trainer, _) = try trainer(nil)
    _ = try trainer.step(batch)
    #expect(Set(trainer.takeProfile().keys) == ["loss", "optimiser"])
    #expect(trainer.takeProfile().isEmpty)
  }
}
