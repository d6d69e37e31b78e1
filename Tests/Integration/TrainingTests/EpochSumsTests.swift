import SentryPluginAPI
import Testing
@testable import SentryRuntime

/// What an epoch's or a validation's batches add up to.
@Suite struct EpochSumsTests {
  private func result(_ loss: Double, _ weight: Double, _ losses: [WeightedLoss] = []) -> StepResult {
    var result = StepResult(loss: loss, lossWeight: weight, correct: [0, 0], labelled: [1, 1])
    result.taskLosses = losses
    return result
  }

  @Test func theLossIsTheSumOfTheTasksMeansOverAllSamples() {
    var sums = EpochSums(tasks: 2)
    #expect(sums.meanLoss == nil)
    // Batches that weigh differently, and one without labels for the second task.
    sums.add(result(9, 9, [.init(sum: 2, weight: 1), .init(sum: 6, weight: 2)]))
    sums.add(result(9, 9, [.init(sum: 1, weight: 3), .init(sum: 0, weight: 0)]))
    #expect(sums.meanLoss == 3.75)
  }

  @Test func fromATrainerWithoutLossesByTaskItIsTheMeanOfTheBatches() {
    var sums = EpochSums(tasks: 2)
    sums.add(result(1, 3))
    sums.add(result(2, 1))
    #expect(sums.meanLoss == 1.25)
  }
}
