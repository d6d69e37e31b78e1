import SentryPluginAPI
import SentryRuntime

/// Judges what another model makes of each instance: a model that was trained on that model's embeddings.
final class EmbeddingJudge {
  /// The place of the embedding among the outputs of the model that it reads.
  let place: Int
  private let trained: TrainedModel
  private let augmenter: ImportedAugmenter?

  /// - Parameter source: the model that the embeddings are of.
  init(_ trained: TrainedModel, reading source: TrainedModel, registry: Registry) throws {
    self.trained = trained
    let name = trained.origin?["output"]?.stringValue ?? "embedding"
    guard let place = source.model.specification.outputs.firstIndex(where: { $0.kind == .embedding && $0.name == name })
    else { throw PluginError.invalid("\(source.path) has no embedding '\(name)', which \(trained.path) reads") }
    self.place = place
    augmenter = try trained.makeAugmenter(registry: registry)
  }

  /// - Parameter embeddings: of the instances that have one.
  func judge(_ embeddings: [[Float]]) throws -> [LiveVerdict] {
    try trained.liveAnswers(to: embeddings.map { Tensor([$0.count], $0) }, augmenter: augmenter)
  }
}

extension TrainedModel {
  /// Whether this model's samples are embeddings that `other` computed: by the hash of its file, which `embed` recorded.
  func reads(_ other: TrainedModel) throws -> Bool {
    guard let hash = origin?["model"]?["sha256"]?.stringValue else { return false }
    return try FileIdentity.sha256(of: other.path) == hash
  }
}
