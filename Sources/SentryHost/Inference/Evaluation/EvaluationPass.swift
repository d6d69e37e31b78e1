import CSentryPlugin
import SentryPluginAPI
import SentryRuntime

/// One pass of a model over the samples of a split, as validation sees them: each once, in order, without randomness.
package struct EvaluationPass {
  /// What the model is to answer to, valid for the call.
  struct InputBatch {
    /// Of the batch, from 0.
    let number: Int
    /// Of the rows, in the pass's samples; those that could not be read are missing.
    let positions: [Int]
    /// [N, …] as the model's specification asks.
    let inputs: Tensor
    /// int64 [N, tasks of the dataset]; `SENTRY_TARGET_MISSING` where unlabelled.
    let targets: Tensor
  }

  package struct Batch {
    /// Of the rows, in the pass's samples; those that could not be read are missing.
    package let positions: [Int]
    /// int64 [N, tasks of the dataset]; `SENTRY_TARGET_MISSING` where unlabelled. Valid for the call.
    package let targets: Tensor
    /// One for each output of the model's specification.
    package let outputs: [Tensor]
  }

  package var model: ImportedModel { asked.model }
  package let dataset: any Dataset
  package let samples: SampleList
  package let batchSize: Int
  /// Measures the model.
  var clock: ForwardClock?
  private let asked: AskedModel
  private let reader: SampleReader
  private let workers: Int

  /// - Parameters:
  ///   - workers: loader threads; 0 loads on this one. The result does not depend on it.
  ///   - skipBad: how many unreadable samples may be left out.
  /// - Throws: ``PluginError`` where the dataset, the augmenter and the model do not fit each other.
  package init(
    of asked: AskedModel, over samples: SampleList, in dataset: any Dataset, augmenter: (any Augmenter)?,
    batchSize: Int, workers: Int, skipBad: Int = 0
  ) throws {
    let model = asked.model
    try RunComponents.checkInput(
      dataset: (dataset.specification.sample, "the dataset"),
      augmenter: augmenter.map { ($0.specification.input, $0.specification.output, "the augmenter") },
      model: (model.specification.input, "the model"))
    (self.asked, self.dataset, self.samples) = (asked, dataset, samples)
    (self.batchSize, self.workers) = (batchSize, workers)
    reader = SampleReader(
      dataset: dataset, augmenter: augmenter,
      input: try SampleReader.settled(
        model.specification.input, dataset: dataset, augmenter: augmenter, list: samples, skipBad: skipBad),
      seed: 0, skipBad: skipBad)
  }

  package var batchCount: Int { (samples.count + batchSize - 1) / batchSize }

  /// - Parameters:
  ///   - isCancelled: asked after every batch; the pass then throws `SENTRY_CANCELLED`.
  ///   - body: gets the batches in order.
  /// - Returns: the samples that were left out.
  @discardableResult
  package func run(
    isCancelled: () -> Bool = { HostState.shared.isCancelled }, _ body: (Batch) throws -> Void
  ) throws -> [SkippedSample] {
    try forEachInputBatch(isCancelled: isCancelled) { batch in
      func forward() throws -> [Tensor] { try asked.answer(batch.inputs) }
      try body(
        Batch(
          positions: batch.positions, targets: batch.targets,
          outputs: try clock?.timed(batch.inputs, forward) ?? forward()))
    }
  }

  /// The same without the model: `body` asks it, in whatever way.
  func forEachInputBatch(
    isCancelled: () -> Bool = { HostState.shared.isCancelled }, _ body: (InputBatch) throws -> Void
  ) throws -> [SkippedSample] {
    let pass = LoadingPass(
      samples: samples, draws: (0..<samples.count).map { SampleDraw(position: $0) }, batchSize: batchSize, epoch: 0,
      strength: { _ in .none }, remedy: .leaveOut, batchCount: batchCount)
    let loader = try Loader(pass, reader: reader, workers: workers)
    var skipped: [SkippedSample] = []
    while let batch = try loader.next() {
      skipped += batch.skipped
      guard skipped.count <= reader.skipBad else {
        let last = skipped[skipped.count - 1]
        throw SampleReader.unreadable(last.name, .badData(last.reason), allowed: reader.skipBad)
      }
      if batch.count > 0 {
        let missing = Set(batch.skipped.map(\.index))
        let rows = (0..<pass.rowCount(ofBatch: batch.index)).map { batch.index * batchSize + $0 }
        try body(
          InputBatch(
            number: batch.index, positions: rows.filter { !missing.contains(samples.indices[$0]) },
            inputs: batch.inputs, targets: batch.targets))
      }
      if isCancelled() { throw PluginError("stopped by the user", code: SENTRY_CANCELLED) }
    }
    return skipped
  }
}
