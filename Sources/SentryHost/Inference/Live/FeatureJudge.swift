import SentryPluginAPI
import SentryRuntime

/// Judges the features of each instance over time, in a window as long as the model's input.
final class FeatureJudge: LiveJudge {
  let detector: String
  private let trained: TrainedModel
  private let augmenter: ImportedAugmenter?
  private let features: KeypointFeatures
  private let length: Int
  private var windows: [Int: (vectors: [[Float]], seen: Double)] = [:]

  init(_ trained: TrainedModel, _ live: Recipe.Live, _ name: String, registry: Registry, parts: LiveParts) throws {
    (self.trained, detector) = (trained, live.detector)
    augmenter = try trained.makeAugmenter(registry: registry)
    features = try KeypointFeatures(
      try parts.extractor(name), named: name, from: try parts.detector(live.detector).specification,
      of: live.detector)
    let input = trained.model.specification.input.shape
    guard input.count == 2, input[1] == features.names.count else {
      throw PluginError.invalid(
        "\(trained.path) reads sequences of \(input.last ?? 0) values a frame, but '\(name)' computes \(features.names.count)",
        hint: "give a model that was trained on these features")
    }
    length = input[0]
  }

  func judge(_ instances: [Instance], in frame: VideoFrame) throws -> [LiveVerdict] {
    windows = windows.filter { frame.time - $0.value.seen <= KeypointFeatures.longestGap }
    features.keep(Set(windows.keys))
    var complete: [Tensor] = []
    let held = try instances.map { instance -> Int in
      let id = instance.id ?? -1
      var vectors = windows[id]?.vectors ?? []
      vectors.append(try features.next(instance, id: id, at: frame.time))
      if vectors.count > length { vectors.removeFirst() }
      windows[id] = (vectors, frame.time)
      if vectors.count == length { complete.append(Tensor([length, vectors[0].count], vectors.flatMap(\.self))) }
      return vectors.count
    }
    var answers = try trained.liveAnswers(to: complete, augmenter: augmenter).makeIterator()
    return held.map { have in
      have < length ? .waiting(have: have, need: length) : answers.next() ?? .waiting(have: have, need: length)
    }
  }
}
