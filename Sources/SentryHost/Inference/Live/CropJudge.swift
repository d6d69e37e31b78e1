import SentryPluginAPI
import SentryRuntime

/// Judges the picture of each instance.
final class CropJudge: LiveJudge {
  let detector: String
  private let trained: TrainedModel
  private let crop: Recipe.Crop
  private let aligned: Bool
  private let keypoints: [String]
  private let augmenter: ImportedAugmenter?
  private let pictures: ImportedVideoBackend
  /// Every how many frames instances are judged; between, those that are tracked keep their answers.
  private let stride: Int
  private var frames = 0
  private var kept: [Int: LiveVerdict] = [:]

  init(
    _ trained: TrainedModel, _ live: Recipe.Live, _ crop: Recipe.Crop, options: LiveOptions, registry: Registry,
    parts: LiveParts
  ) throws {
    (self.trained, self.crop, detector) = (trained, crop, live.detector)
    aligned = options.aligned
    stride = options.stride
    keypoints = try parts.detector(live.detector).specification.keypoints
    augmenter = try trained.makeAugmenter(registry: registry)
    pictures = try parts.video.get()
  }

  func judge(_ instances: [Instance], in frame: VideoFrame) throws -> [LiveVerdict] {
    defer { frames += 1 }
    let isDue = frames % stride == 0
    let old = instances.map { instance in isDue ? nil : instance.id.flatMap { kept[$0] } }
    let fresh = try trained.liveAnswers(
      to: try instances.indices.filter { old[$0] == nil }.map { try sample(instances[$0], in: frame) },
      augmenter: augmenter)
    var next = fresh.makeIterator()
    let verdicts = old.compactMap { $0 ?? next.next() }
    kept = [:]
    for (instance, verdict) in zip(instances, verdicts) where instance.id != nil { kept[instance.id ?? 0] = verdict }
    return verdicts
  }

  private func sample(_ instance: Instance, in frame: VideoFrame) throws -> Tensor {
    let (height, width) = (frame.image.shape[0], frame.image.shape[1])
    let region = try crop.region(of: instance, keypoints: keypoints, width: width, height: height, aligned: aligned)
    return try pictures.cut(region, from: frame.image)
  }
}
