import SentryPluginAPI
import SentryRuntime

/// The frames of a source with those found in them.
package protocol ObservedFrames: AnyObject {
  /// What finds them, for errors.
  var finder: String { get }
  /// What it finds, in one word.
  var instances: String { get }
  /// Faults that did not end the source, one sentence each; complete after the last frame.
  var notes: [String] { get }
  /// Ticks of the wanted rate for which there was no frame of their own.
  var ticksWithoutFrame: Int { get }

  /// Calls `body` with each decoded frame in order; it tells what is followed.
  func forEach(_ body: (Observation) throws -> Followed) throws
}

/// The frames of a video, read ahead on a thread of their own while the detector works.
package final class VideoFrames: ObservedFrames {
  private let source: String
  private let stream: FrameStream
  private let session: any DetectorSession
  private let preview: ExtractionPreview?
  private var sampler: FrameSampler<VideoFrame>

  package let finder: String
  package let instances: String
  package private(set) var notes: [String] = []
  package var ticksWithoutFrame: Int { sampler.ticksWithoutFrame }

  /// - Parameters:
  ///   - rate: frames per second to look at; nil: all.
  ///   - preview: the file for a video of what is found.
  /// - Throws: ``PluginError`` for a source that cannot be opened or has no end.
  package init(
    _ source: String, detector name: String, parts: LiveParts, rate: Double?, preview: String?, overwrite: Bool
  ) throws {
    let (detector, video) = (try parts.detector(name), try parts.video.get())
    (self.source, finder, instances) = (source, "the detector '\(name)'", detector.specification.instances)
    sampler = FrameSampler(rate: rate)
    stream = try FrameStream(video.open(source))
    session = try detector.makeSession()
    let specification = stream.specification
    guard !specification.live else {
      throw PluginError.invalid("\(source) has no end", hint: "record it first, and give the file")
    }
    self.preview = try preview.map {
      try ExtractionPreview(
        $0, video, rate: rate ?? specification.rate ?? 30, detector: name, detector.specification, overwrite: overwrite)
    }
  }

  deinit { stream.stop() }

  package func forEach(_ body: (Observation) throws -> Followed) throws {
    let total = stream.specification.frames ?? 0
    var done = 0
    while let frame = try stream.next() {
      done += 1
      if let verdict = sampler.next(frame, at: frame.time) { try show(verdict, body) }
      if total == 0 || done < total {
        // The file claims so; only its end tells.
        ProgressReports.shared.report("\(source): frames", done: done, total: total, isEstimate: true)
      }
    }
    if let verdict = sampler.finish() { try show(verdict, body) }
    ProgressReports.shared.report("\(source): frames", done: done, total: done)
    stream.stop()
    notes = stream.notes
    try preview?.finish()
  }

  private func show(_ verdict: FrameSampler<VideoFrame>.Verdict, _ body: (Observation) throws -> Followed) throws {
    let frame = verdict.frame
    var observation = Observation(index: frame.index, time: frame.time, isSkipped: !verdict.isTaken)
    if verdict.isTaken { observation.instances = try session.next(frame.image, at: frame.time) }
    let followed = try body(observation)
    if verdict.isTaken { try preview?.write(frame, observation.instances, followed) }
  }
}
