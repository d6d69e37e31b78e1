import Logging
import SentryPluginAPI
import SentryRuntime
import Synchronization

/// A model that answers and does not train. Batches for which its memory is too small go through it in parts.
package final class AskedModel: Sendable {
  package let model: ImportedModel
  /// Held during a pass: nobody calls a model twice at once.
  private let parts = Mutex(BatchParts())

  package init(_ model: ImportedModel) { self.model = model }

  /// One tensor for each output of the specification, for inputs [N, …].
  /// - Throws: ``PluginError`` (no memory) where not even one sample fits.
  func answer(_ inputs: Tensor) throws -> [Tensor] {
    try inParts(inputs) { part, _ in try model.forward(part, training: false, seed: 0) }
  }

  /// The same with drop-out on, as the seed draws it; parts draw anew.
  /// - Throws: ``PluginError`` `SENTRY_UNSUPPORTED` where the model has none.
  func sample(_ inputs: Tensor, seed: UInt64) throws -> [Tensor] {
    try inParts(inputs) { part, first in
      try model.sample(part, seed: first == 0 ? seed : Seed.derive(seed, "part", UInt64(first)))
    }
  }

  private func inParts(_ inputs: Tensor, _ ask: (_ part: Tensor, _ first: Int) throws -> [Tensor]) throws -> [Tensor] {
    let rows = inputs.shape.first ?? 0
    let answers = try parts.withLock { parts in
      try parts.run(rows: rows) {
        Logger.host.warning("\($0)")
      } _: { range in
        try ask(range.count == rows ? inputs : inputs.rows(range), range.lowerBound)
      }
    }
    guard answers.count > 1 else { return answers.first ?? [] }
    return try model.specification.outputs.enumerated().map { place, output in
      let tensors = answers.map { $0[place] }
      guard tensors.reduce(0, { $0 + ($1.shape.first ?? 0) }) == rows,
        tensors.allSatisfy({ $0.dtype == tensors[0].dtype && $0.shape.dropFirst() == tensors[0].shape.dropFirst() })
      else {
        throw PluginError("the model gave '\(output.name)' as \(tensors.map(\.shape)) for \(rows) samples in parts")
      }
      return Tensor.stacked(tensors)
    }
  }
}
