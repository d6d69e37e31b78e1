@testable import SentryPluginAPI
@testable import SentryRuntime
@testable import SentryTraining

/// The toy with inputs of another size: what is beyond its features is added to them, so that its weights do not depend on the size.
final class SizedToyModel: Model, Sendable {
  private let inner: ToyModel
  let specification: ModelSpecification

  init(tasks: [ClassificationTask], size: Int) {
    inner = ToyModel(tasks: tasks)
    specification = ModelSpecification(
      architecture: "toy", input: .init(.float32, [size]), outputs: inner.specification.outputs)
  }

  var parameters: [NamedTensor] { inner.parameters }

  func forward(_ input: Tensor, training: Bool, seed: UInt64) throws -> [Tensor] {
    let (rows, size, features) = (input.shape[0], input.shape[1], ToyDataset.features)
    let folded = Tensor([rows, features])
    let (x, y) = (try input.elements(as: Float.self), try folded.elements(as: Float.self))
    for row in 0..<rows {
      for place in 0..<size { y[row * features + place % features] += x[row * size + place] / Float(size) }
    }
    return try inner.forward(folded, training: training, seed: seed)
  }

  func backward(_ gradients: [Tensor?], accumulate: Bool) throws {
    try inner.backward(gradients, accumulate: accumulate)
  }
}

/// Repeats the features up to a size, with noise.
struct SizedToyAugmenter: Augmenter {
  let size: Int
  var specification: AugmenterSpecification {
    AugmenterSpecification(input: .init(.float32, [ToyDataset.features]), output: .init(.float32, [size]))
  }
  func apply(_ input: Tensor, strength: AugmentStrength, seed: UInt64) throws -> Tensor {
    let values = try input.elements(as: Float.self)
    let noise = Float(strength.rawValue) * Float(seed & 0xff) / 1024
    return Tensor([size], (0..<size).map { values[$0 % values.count] + noise })
  }
}

extension ToyRun {
  /// The components of its plan around a dataset, with the size that the plan says.
  func sized(_ plan: RunPlan, _ dataset: ImportedDataset) throws -> RunComponents {
    let size = plan.model.options["size"]?.intValue ?? ToyDataset.features
    return RunComponents(
      dataset: dataset, augmenter: try ImportedAugmenter(adopting: export(SizedToyAugmenter(size: size))),
      model: try ImportedModel(adopting: export(SizedToyModel(tasks: self.dataset.tasks, size: size))),
      trainer: try ImportedTrainer(adopting: export(makeTrainer())))
  }
}
