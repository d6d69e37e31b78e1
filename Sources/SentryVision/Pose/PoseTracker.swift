/// Follows bodies through a video: where a body is in a frame says where to look in the next one, so the detector runs only where
/// bodies may be missing.
///
/// A body keeps its number (`id`) as long as it is seen. One that was lost and is seen again near by within ``Options/memory`` gets
/// its number back; a number is never given to another body.
public struct PoseTracker {
  public struct Options: Sendable {
    /// How many bodies are followed at most.
    public var limit = 1
    /// Whether the points are smoothed over time, as MediaPipe smooths them in its video modes. Smoothed points lag behind a
    /// little, and the points of a frame depend on the frames before it.
    public var smooths = true
    /// How often the detector looks for further bodies while some are followed, but fewer than ``limit``; four times as often
    /// while one is missing.
    public var detectionInterval = Duration.milliseconds(500)
    /// How long a lost body's number is kept for it.
    public var memory = Duration.seconds(1)

    public init() {}
  }

  public struct Body: Equatable, Sendable {
    /// 1, 2, … in the order in which they were first seen.
    public var id: Int
    public var pose: Pose
  }

  private let finder: any BodyFinder
  private let options: Options
  private var tracks: [BodyTrack] = []
  private var lost: [(id: Int, region: Region, time: Duration)] = []
  private var count = 0
  private var lastDetection: Duration?
  private var size: SIMD2<Float>?

  public init(_ estimator: PoseEstimator, _ options: Options = Options()) {
    self.init(finder: estimator, options)
  }

  init(finder: any BodyFinder, _ options: Options) { (self.finder, self.options) = (finder, options) }

  /// The bodies in the next frame, by their numbers. Throws ``NNError``.
  /// - Parameter time: of the frame, from any beginning. It grows from frame to frame.
  public mutating func next(_ view: PixelView, at time: Duration) throws -> [Body] {
    // Regions are in pixels.
    if view.size != size { reset() }
    size = view.size
    if isDetectionDue(at: time) { try detect(view, at: time) }
    var steps: [Step] = []
    for track in tracks {
      var after = track
      if try after.next(view, at: time, finder, smooths: options.smooths) == nil {
        lose(track, at: time)
      } else {
        steps.append(Step(before: track, after: after))
      }
    }
    tracks = separate(steps, at: time)
    for index in tracks.indices where tracks[index].id == nil {
      tracks[index].id = recall(tracks[index].region, at: time) ?? newNumber()
    }
    return tracks.compactMap { track in track.last.flatMap { pose in track.id.map { Body(id: $0, pose: pose) } } }
      .sorted { $0.id < $1.id }
  }

  /// Whether the next frame's bodies are looked for where the last ones were.
  public var isTracking: Bool { !tracks.isEmpty }

  /// Forgets the bodies: for a cut, say. A frame of another size does it, too. Numbers go on.
  public mutating func reset() {
    (tracks, lost, lastDetection) = ([], [], nil)
  }

  private func isDetectionDue(at time: Duration) -> Bool {
    guard tracks.count < options.limit else { return false }
    // Where someone was just lost, and where nobody is known, the detector looks at every frame, as MediaPipe's does.
    guard let last = lastDetection, !tracks.isEmpty, !lost.contains(where: { $0.time >= last }) else { return true }
    // Who is missing is likely to come back soon.
    return time >= last + (lost.isEmpty ? options.detectionInterval : options.detectionInterval / 4)
  }

  private mutating func detect(_ view: PixelView, at time: Duration) throws {
    lastDetection = time
    let memory = options.memory
    lost.removeAll { time > $0.time + memory }
    for region in try finder.regions(in: view) where tracks.count < options.limit {
      guard !tracks.contains(where: { $0.region.distance(to: region) < Self.same }) else { continue }
      tracks.append(BodyTrack(region: region))
    }
  }

  /// The number of the lost body that this one must be: nearer than it could have gone since.
  private mutating func recall(_ region: Region, at time: Duration) -> Int? {
    let near = lost.indices.map { ($0, lost[$0].region.distance(to: region)) }.filter { index, distance in
      distance < Self.same + Self.speed * Float((time - lost[index].time) / .seconds(1))
    }
    guard let index = near.min(by: { $0.1 < $1.1 })?.0 else { return nil }
    return lost.remove(at: index).id
  }

  private mutating func newNumber() -> Int {
    count += 1
    return count
  }

  private mutating func lose(_ track: BodyTrack, at time: Duration) {
    guard let id = track.id else { return }
    lost.append((id, track.region, time))
  }

  private struct Step {
    let before, after: BodyTrack

    var way: Float { before.region.distance(to: after.region) }
  }

  /// Two tracks on one body: where a body passes behind another one, its track may jump to that. The one that moved farther is lost.
  private mutating func separate(_ steps: [Step], at time: Duration) -> [BodyTrack] {
    var result: [BodyTrack] = []
    for step in steps.sorted(by: { $0.way < $1.way }) {
      if result.contains(where: { $0.region.distance(to: step.after.region) < Self.same }) {
        lose(step.before, at: time)
      } else {
        result.append(step.after)
      }
    }
    return result
  }

  /// Middles of hips that are nearer, in parts of the region, are one body's. People side by side are some 0.3 apart.
  private static let same: Float = 0.2
  /// How far a body goes in a second, in parts of the region.
  private static let speed: Float = 1
}
