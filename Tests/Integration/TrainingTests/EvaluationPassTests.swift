import CSentryPlugin
import Testing
@testable import SentryInference
@testable import SentryPluginAPI
@testable import SentryRuntime

@Suite struct EvaluationPassTests {
  private func pass(
    _ dataset: ToyDataset, of model: (any Model)? = nil, batchSize: Int = 8, workers: Int = 2, skipBad: Int = 0
  ) throws -> EvaluationPass {
    let imported = try ImportedDataset(adopting: export(dataset))
    return try EvaluationPass(
      of: AskedModel(try ImportedModel(adopting: export(model ?? ToyModel(tasks: dataset.tasks)))),
      over: SampleList(of: .train, in: imported), in: imported,
      augmenter: try ImportedAugmenter(adopting: export(ToyAugmenter())), batchSize: batchSize, workers: workers,
      skipBad: skipBad)
  }

  private struct Gathered: Equatable {
    var positions: [Int] = []
    var targets: [Int64] = []
    var logits: [Float] = []
  }

  private func gather(_ pass: EvaluationPass) throws -> (Gathered, [SkippedSample]) {
    var all = Gathered()
    let skipped = try pass.run(isCancelled: { false }) { batch in
      all.positions += batch.positions
      all.targets += try batch.targets.array(of: Int64.self)
      all.logits += try batch.outputs[0].array(of: Float.self)
    }
    return (all, skipped)
  }

  @Test func everySampleIsSeenOnceInOrderWhateverTheBatches() throws {
    let (whole, skipped) = try gather(pass(ToyDataset()))
    #expect(whole.positions == Array(0..<46) && skipped.isEmpty)
    let expected: [Int64] = (0..<46).map { Int64([0, 1, 2, 0, 1, 0][$0 % 6]) }
    #expect(whole.targets == expected)
    #expect(whole.logits.count == 46 * 3)
    for (size, workers) in [(1, 0), (7, 4), (100, 1)] {
      let (other, _) = try gather(pass(ToyDataset(), batchSize: size, workers: workers))
      #expect(other == whole, "batches of \(size), \(workers) workers")
    }
  }

  @Test func whatDoesNotFitIntoMemoryGoesInParts() throws {
    let (whole, _) = try gather(pass(ToyDataset()))
    let model = SmallToyModel(tasks: ToyDataset().tasks)
    model.mostRowsAsked = 3
    let (parts, _) = try gather(pass(ToyDataset(), of: model))
    #expect(parts == whole)
    // What was too much once is not tried again.
    #expect(model.rows.prefix(3) == [8, 4, 2] && model.rows.dropFirst(2).allSatisfy { $0 <= 2 })
    model.mostRowsAsked = 0
    expectError("memory ran out with a single sample: the card is full") {
      _ = try gather(pass(ToyDataset(), of: model))
    }
  }

  @Test func unreadableSamplesAreLeftOutAsFarAsAllowed() throws {
    var dataset = ToyDataset()
    dataset.unreadable = [3, 20]
    expectError("train/", "--skip-bad") { _ = try gather(pass(dataset)) }
    expectError("more samples are unreadable than --skip-bad 1 allows") {
      _ = try gather(pass(dataset, skipBad: 1))
    }
    let (rest, skipped) = try gather(pass(dataset, skipBad: 2))
    #expect(skipped.map(\.index) == [3, 20])
    #expect(rest.positions == (0..<46).filter { ![3, 20].contains($0) })
    #expect(rest.targets.count == 44)
  }

  @Test func theUserMayStopIt() throws {
    let error = #expect(throws: PluginError.self) { try pass(ToyDataset()).run(isCancelled: { true }) { _ in } }
    #expect(error?.code == SENTRY_CANCELLED)
  }
}
