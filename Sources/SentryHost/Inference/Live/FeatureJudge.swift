import SentryPluginAPI
import SentryRuntime

/// Judges the features of each instance over time, in a window as long as the model's input.
final class FeatureJudge: LiveJudge {
  let detector: String
  private let trained: TrainedModel
  private let augmenter: ImportedAugmenter?
  private let length: Int
  private let windows: RowWindows

  init(_ trained: TrainedModel, _ live: Recipe.Live, _ name: String, registry: Registry, parts: LiveParts) throws {
    (self.trained, detector) = (trained, live.detector)
    augmenter = try trained.makeAugmenter(registry: registry)
    let features = try KeypointFeatures(
      try parts.extractor(name), named: name, from: try parts.detector(live.detector).specification,
      of: live.detector)
    let input = trained.model.specification.input.shape
    guard input.count == 2, input[1] == features.names.count else {
      throw PluginError.invalid(
        "\(trained.path) reads sequences of \(input.last ?? 0) values a frame, but '\(name)' computes \(features.names.count)",
        hint: "give a model that was trained on these features")
    }
    length = input[0]
    windows = RowWindows(features, length: length)
  }

  func judge(_ instances: [Instance], in frame: VideoFrame) throws -> [LiveVerdict] {
    let windows = try windows.next(instances, frame: frame.index, at: frame.time)
    let complete = windows.filter { $0.count == length }.map { Tensor([length, $0[0].count], $0.flatMap(\.self)) }
    var answers = try trained.liveAnswers(to: complete, augmenter: augmenter).makeIterator()
    return windows.map { window in
      let waiting = LiveVerdict.waiting(have: window.count, need: length)
      return window.count < length ? waiting : answers.next() ?? waiting
    }
  }
}
