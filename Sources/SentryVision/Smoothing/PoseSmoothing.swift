/// What is found of a body over time, smoothed as MediaPipe's graph `pose_landmark_cpu` of 0.10.14 does it.
struct PoseSmoothing {
  private static let picture = OneEuroFilter.Parameters(minimumCutoff: 0.05, beta: 80)
  private static let world = OneEuroFilter.Parameters(minimumCutoff: 0.1, beta: 40)
  /// Heavier, so that the region stays where it is while the body does.
  private static let alignment = OneEuroFilter.Parameters(minimumCutoff: 0.01, beta: 10)
  /// Of a new visibility against the old ones.
  private static let visibilityWeight: Float = 0.1

  private var picture = KeypointSmoothing(Self.picture, count: Pose.keypointCount)
  private var world = KeypointSmoothing(Self.world, count: Pose.keypointCount)
  private var alignment = KeypointSmoothing(Self.alignment, count: 2)
  private var visibility: [Float]?

  /// - Parameters:
  ///   - smoothsPose: else only the points are smoothed that say where to look next.
  ///   - size: of the picture.
  mutating func smoothed(
    _ finding: PoseLandmarker.Finding, smoothsPose: Bool, _ size: SIMD2<Float>, at time: Duration
  ) -> PoseLandmarker.Finding {
    let (seconds, attoseconds) = time.components
    let now = Double(seconds) + Double(attoseconds) * 1e-18
    // Depth is in the scale of x.
    let unit = SIMD3(size.x, size.y, size.x)
    let scale = 1 / Double(finding.reach(in: size))
    var result = finding
    alignment.smooth(&result.alignment, unit: unit, scale: scale, at: now)
    guard smoothsPose else { return result }
    picture.smooth(&result.pose.keypoints, unit: unit, scale: scale, at: now)
    world.smooth(&result.pose.world, unit: SIMD3(repeating: 1), scale: 1, at: now)
    let visibility = zip(finding.pose.keypoints, self.visibility ?? finding.pose.keypoints.map(\.visibility))
      .map { $1 + Self.visibilityWeight * ($0.visibility - $1) }
    for (index, value) in visibility.enumerated() {
      (result.pose.keypoints[index].visibility, result.pose.world[index].visibility) = (value, value)
    }
    self.visibility = visibility
    return result
  }
}
