import SentryLearning
import SentryPluginAPI
import SentryTestSupport
import Testing

@testable import TrainerSupervised

/// Distributions in place of classes. The values are of PyTorch 2.13, in double precision:
/// ```python
/// z = torch.tensor([[1., -.5, 2.], [.3, .2, -1.], [0., 1.5, .5]], dtype=torch.float64)
/// p = torch.tensor([[.2, .3, .5], [1., 0., 0.], [.25, .5, .25]], dtype=torch.float64)
/// torch.nn.CrossEntropyLoss(weight=w, label_smoothing=e)(z, p)  # w: None or [.5, 1.5, 1.], e: 0 or .1
/// ```
@Suite struct SoftTargetTests {
  struct Case: Sendable {
    var weights: [Double]?
    var smoothing: Double
    var loss: Double
    var gradient: [Float]
  }
  static let cases = [
    Case(
      weights: nil, smoothing: 0, loss: 1.0630083933662358,
      gradient: [
        0.01790539387834174, -0.08112942258650957, 0.06322402870816786, -0.1802433880734151, 0.13852151079625075,
        0.041721877277164345, -0.036585205611303837, 0.04284390640392081, -0.006258700792616987,
      ]),
    Case(
      weights: nil, smoothing: 0.1, loss: 1.0927306155884582,
      gradient: [
        0.013460949433897298, -0.08224053369762069, 0.06877958426372342, -0.15802116585119289, 0.12741039968513967,
        0.03061076616605324, -0.03936298338908162, 0.04839946195947637, -0.009036478570394768,
      ]),
    Case(
      weights: [0.5, 1.5, 1], smoothing: 0, loss: 0.9880298492119316,
      gradient: [
        0.05546733023892549, -0.13018589371583505, 0.07471856347690958, -0.09012169403670756, 0.06926075539812537,
        0.020860938638582172, 0.010924977020616514, -0.014300605295589089, 0.0033756282749725607,
      ]),
    Case(
      weights: [0.5, 1.5, 1], smoothing: 0.1, loss: 1.0258054814051398,
      gradient: [
        0.05282224771397823, -0.13194691326956917, 0.07912466555559099, -0.07135608566260056, 0.05952016427127125,
        0.011835921391329279, 0.008951736535202258, -0.008586154125638092, -0.00036558240956417206,
      ]),
  ]
  private let logits: [Float] = [1, -0.5, 2, 0.3, 0.2, -1, 0, 1.5, 0.5]
  private let soft: [Float] = [0.2, 0.3, 0.5, 1, 0, 0, 0.25, 0.5, 0.25]

  @Test(arguments: cases) func theLossAndItsGradientArePyTorchs(_ given: Case) throws {
    let criterion = try CrossEntropy(labelSmoothing: given.smoothing, classWeights: given.weights)
    var gradient = [Float](repeating: 9, count: 9)
    // The classes say something else, and do not count.
    let targets: [Int32] = [0, -1, 2]
    let result = try criterion.evaluate(
      logits: logits, targets: targets, soft: soft, batch: 3, classes: 3, gradient: &gradient)
    #expect(abs(result.mean - given.loss) < 1e-6 && result.weight == 3)
    #expect(criterion.weight(of: targets, soft: soft) == 3)
    for (ours, theirs) in zip(gradient, given.gradient) { #expect(abs(ours - theirs) < 1e-6) }
  }

  /// A distribution that is certain is a class, but for what class weights do to the divisor.
  @Test func aCertainDistributionIsAClass() throws {
    let criterion = try CrossEntropy(labelSmoothing: 0.1)
    let certain: [Float] = [0, 0, 1, 1, 0, 0, .nan, .nan, .nan]
    let mixed = try criterion.evaluate(logits: logits, targets: [0, 0, 1], soft: certain, batch: 3, classes: 3)
    let plain = try criterion.evaluate(logits: logits, targets: [2, 0, 1], batch: 3, classes: 3)
    #expect(abs(mixed.mean - plain.mean) < 1e-12 && mixed.weight == 3)
  }

  private func trainer(parts: Int? = nil) throws -> (SupervisedTrainer, LinearClassifier) {
    let json =
      #"{"lr":0.1,"min-lr":0,"schedule":"constant","period":0,"weight-decay":0.05,"beta1":0.9,"beta2":0.999,"eps":1e-8,"#
      + #""clip-norm":0,"label-smoothing":0.1,"class-weights":"inverse","patience":0,"# + SupervisedOptions.others + "}"
    let trainer = try SupervisedTrainer(Options(json: json), host: TestHost.host)
    let model = LinearClassifier()
    let task = RunSpecification.CountedTask(name: "kind", classes: ["c0", "c1", "c2"], counts: [3, 40, 11])
    try trainer.begin(
      model, run: RunSpecification(epochs: 1, stepsPerEpoch: 1, batchSize: 5, balanced: false, tasks: [task]))
    if let parts { try trainer.useMicroBatches(of: parts) }
    try trainer.beginEpoch(0)
    return (trainer, model)
  }

  private let batch = Batch(
    epoch: 0, step: 0, seed: 1, inputs: Tensor([5, 2], [Float(1), 2, -1, 0.5, 2, -2, 0.25, 1, -3, 1]),
    targets: Tensor([5, 1], [Int64(0), 1, -1, -1, 2]),
    softTargets: Tensor(
      [5, 3], [0.2, 0.3, 0.5, .nan, .nan, .nan, 0.5, 0.25, 0.25, .nan, .nan, .nan, 0, 0, 1] as [Float]))

  @Test func hitsAreCountedByTheClass() throws {
    let result = try trainer().0.evaluate(batch)
    // The third has a distribution and no class, the fourth has neither.
    #expect(result.labelled == [3] && result.lossWeight == 4 && result.loss > 0)
    var hard = batch
    hard.softTargets = nil
    let plain = try trainer().0.evaluate(hard)
    #expect(plain.correct == result.correct && abs(plain.loss - result.loss) > 1e-3)
  }

  @Test(arguments: [1, 2, 3]) func partsTakeTheirOwn(parts: Int) throws {
    let ((whole, one), (split, two)) = (try trainer(), try trainer(parts: parts))
    let (first, second) = (try whole.step(batch), try split.step(batch))
    #expect(abs(first.loss - second.loss) < 1e-6)
    for (a, b) in zip(try one.gradient.array(of: Float.self), try two.gradient.array(of: Float.self)) {
      #expect(abs(a - b) < 1e-6)
    }
  }

  @Test func anotherShapeIsAnError() throws {
    var odd = batch
    odd.softTargets = Tensor([5, 2])
    let error = #expect(throws: PluginError.self) { try trainer().0.step(odd) }
    #expect(error?.message.contains("soft targets [5, 2]") == true)
  }
}
