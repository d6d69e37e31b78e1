import SentryPluginAPI
import SentryRuntime

/// Trained models at work on one video: frames in, answers out. The checkpoints say what feeds each model (`live`).
package final class LivePipeline {
  private struct Stage {
    let judge: any LiveJudge
    /// Models that read this one's embedding.
    var readers: [EmbeddingJudge] = []
  }

  /// The detectors that the models need, in the order of the models, with what they say of themselves.
  package let detectors: [(name: String, specification: DetectorSpecification)]
  private var stages: [Stage] = []
  private let sessions: [any DetectorSession]
  private var smoothing: Smoothing

  /// - Throws: ``PluginError`` for a model that does not say what feeds it, or reads embeddings of a model that is not given.
  package init(_ models: [TrainedModel], options: LiveOptions = LiveOptions(), registry: Registry, parts: LiveParts)
    throws
  {
    smoothing = Smoothing(constant: options.smoothing)
    var owners: [Int] = []
    for (index, model) in models.enumerated() {
      guard let live = model.live else { continue }
      stages.append(Stage(judge: try model.judge(live, options: options, registry: registry, parts: parts)))
      owners.append(index)
    }
    for model in models where model.live == nil {
      guard let stage = try owners.firstIndex(where: { try model.reads(models[$0]) }) else { throw model.unfed }
      stages[stage].readers.append(
        try EmbeddingJudge(model, reading: models[owners[stage]], registry: registry))
    }
    var names: [String] = []
    for stage in stages where !names.contains(stage.judge.detector) { names.append(stage.judge.detector) }
    detectors = try names.map { ($0, try parts.detector($0).specification) }
    sessions = try names.map { try parts.detector($0).makeSession() }
  }

  package func next(_ frame: VideoFrame) throws -> LiveFrame {
    var result = LiveFrame(
      index: frame.index, time: frame.time, width: frame.image.shape[1], height: frame.image.shape[0])
    for (detector, session) in zip(detectors, sessions) {
      let instances = try session.next(frame.image, at: frame.time)
      var sightings = instances.map {
        LiveFrame.Sighting(detector: detector.name, what: detector.specification.instances, instance: $0)
      }
      for stage in stages where stage.judge.detector == detector.name {
        try judge(stage, instances, frame, &sightings)
      }
      for index in sightings.indices {
        let sighting = sightings[index]
        sightings[index].answers = smoothing.smooth(sighting.answers, id: sighting.instance.id, at: frame.time)
      }
      result.sightings += sightings
    }
    smoothing.forget(before: frame.time - KeypointFeatures.longestGap)
    return result
  }

  private func judge(
    _ stage: Stage, _ instances: [Instance], _ frame: VideoFrame, _ sightings: inout [LiveFrame.Sighting]
  ) throws {
    var answered: [(sighting: Int, outputs: [[Float]])] = []
    for (index, verdict) in try stage.judge.judge(instances, in: frame).enumerated() {
      switch verdict {
      case .waiting(let have, let need):
        if need > sightings[index].waiting?.need ?? 0 { sightings[index].waiting = (have, need) }
      case .answers(let answers, let outputs):
        sightings[index].answers += answers
        answered.append((index, outputs))
      }
    }
    for reader in stage.readers {
      let verdicts = try reader.judge(answered.map { $0.outputs[reader.place] })
      for (place, verdict) in zip(answered, verdicts) {
        if case .answers(let answers, _) = verdict { sightings[place.sighting].answers += answers }
      }
    }
  }
}

extension TrainedModel {
  fileprivate func judge(_ live: Recipe.Live, options: LiveOptions, registry: Registry, parts: LiveParts) throws
    -> any LiveJudge
  {
    if let crop = live.crop {
      return try CropJudge(self, live, crop, options: options, registry: registry, parts: parts)
    }
    guard let features = live.features else {
      throw PluginError.invalid("\(path): its 'live' names neither a crop nor features", hint: "mend the recipe")
    }
    return try FeatureJudge(self, live, features, registry: registry, parts: parts)
  }

  /// The error for a model that nothing here feeds.
  fileprivate var unfed: PluginError {
    guard let source = origin?["model"] else {
      return .invalid(
        "\(path) does not say how it is used on pictures or videos (\"live\")",
        hint: "its recipe has to state a detector; docs/plugin-border.md shows how")
    }
    let made = source["path"]?.stringValue ?? "another model"
    return .invalid(
      "\(path) reads embeddings of \(made) (SHA-256 \(source["sha256"]?.stringValue?.prefix(12) ?? "unknown")…), which is not given",
      hint: "give that checkpoint, too: --model \(made) --model \(path)")
  }
}
