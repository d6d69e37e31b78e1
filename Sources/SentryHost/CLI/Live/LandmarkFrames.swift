import SentryInference
import SentryLandmarks
import SentryPluginAPI

/// The frames of a recording in which another program found keypoints.
final class LandmarkFrames: ObservedFrames {
  private let path: String
  private let source: any LandmarkSource
  private var sampler: FrameSampler<Observation>

  let instances = "person"
  var finder: String { "the file" }
  /// Whoever tells them names the file.
  var notes: [String] {
    source.notes.map { $0.hasPrefix("\(path): ") ? String($0.dropFirst(path.count + 2)) : $0 }
  }
  var ticksWithoutFrame: Int { sampler.ticksWithoutFrame }
  var keypoints: [String] { source.keypoints }

  typealias Recording = (source: ExtractionSources.Source, isLandmarks: Bool)

  /// The sources, with the recordings of each in its place if it is, or holds, files of landmarks.
  static func recordings(in sources: [ExtractionSources.Source]) throws -> [Recording] {
    try sources.flatMap { source -> [Recording] in
      let paths = LandmarkFiles.recordings(at: source.path)
      return paths.isEmpty ? [(source, false)] : try paths.map { (($0, try .init($0)), true) }
    }
  }

  /// - Parameter rate: frames per second to take; nil: all.
  init(_ path: String, _ options: LandmarkOptions, rate: Double?) throws {
    self.path = path
    source = try mappingFormatErrors { try LandmarkFiles.open(path, options) }
    sampler = FrameSampler(rate: rate)
  }

  func forEach(_ body: (Observation) throws -> Followed) throws {
    try source.forEachFrame { frame in
      guard let time = frame.time else {
        throw PluginError.invalid(
          "\(path) states no times", hint: "--rate N states its frames per second")
      }
      let observation = Observation(index: frame.index, time: time, instances: frame.instances)
      if let verdict = sampler.next(observation, at: time) { try show(verdict, body) }
      return true
    }
    if let verdict = sampler.finish() { try show(verdict, body) }
  }

  private func show(
    _ verdict: FrameSampler<Observation>.Verdict, _ body: (Observation) throws -> Followed
  ) throws {
    var observation = verdict.frame
    observation.isSkipped = !verdict.isTaken
    if observation.isSkipped { observation.instances = [] }
    _ = try body(observation)
  }
}
