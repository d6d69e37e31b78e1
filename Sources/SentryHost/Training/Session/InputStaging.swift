import SentryPluginAPI
import SentryRuntime

/// Tells a model that takes its input early which batches come. Every batch is announced: the next one as soon as it is there, and
/// each at the latest right before its pass, so that no announcement of an earlier batch in the same memory is left.
struct InputStaging {
  private let model: ImportedModel
  /// The last batch that was announced.
  private var last: Int?

  init(_ model: ImportedModel) { self.model = model }

  /// - Parameter next: the batch after it, where it is there.
  mutating func announce(_ batch: LoadedBatch, next: LoadedBatch?) {
    guard model.stagesInput else { return }
    for batch in [batch, next].compactMap({ $0 }) where batch.count > 0 && last.map({ batch.index > $0 }) ?? true {
      model.stage(batch.inputs)
      last = batch.index
    }
  }

  /// What was announced does not come.
  mutating func withdraw() {
    guard last != nil else { return }
    model.stage(nil)
    last = nil
  }
}
