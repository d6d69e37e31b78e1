/// The points of a body over time, smoothed with the parameters of MediaPipe's pose landmarker in its video modes.
struct PoseSmoothing {
  private static let picture = OneEuroFilter.Parameters(minimumCutoff: 0.05, beta: 80)
  private static let world = OneEuroFilter.Parameters(minimumCutoff: 0.1, beta: 40)
  /// Of a new visibility against the old ones.
  private static let visibilityWeight: Float = 0.1

  private var picture: [OneEuroFilter] = []
  private var world: [OneEuroFilter] = []
  private var visibility: [Float] = []

  /// - Parameters:
  ///   - scale: the size of the body, in pixels.
  ///   - size: of the picture.
  mutating func smoothed(_ pose: Pose, scale: Float, _ size: SIMD2<Float>, at time: Duration) -> Pose {
    if visibility.isEmpty {
      picture = [OneEuroFilter](repeating: OneEuroFilter(Self.picture), count: 3 * pose.keypoints.count)
      world = [OneEuroFilter](repeating: OneEuroFilter(Self.world), count: 3 * pose.world.count)
      visibility = pose.keypoints.map(\.visibility)
    }
    let (seconds, attoseconds) = time.components
    let now = Double(seconds) + Double(attoseconds) * 1e-18
    var result = pose
    for index in pose.keypoints.indices {
      visibility[index] += Self.visibilityWeight * (pose.keypoints[index].visibility - visibility[index])
      // Depth is in the scale of x.
      Self.smooth(
        &result.keypoints[index], &picture, index, unit: SIMD3(size.x, size.y, size.x), scale: 1 / Double(scale), now)
      Self.smooth(&result.world[index], &world, index, unit: SIMD3(repeating: 1), scale: 1, now)
      (result.keypoints[index].visibility, result.world[index].visibility) = (visibility[index], visibility[index])
    }
    return result
  }

  private static func smooth(
    _ point: inout Keypoint, _ filters: inout [OneEuroFilter], _ index: Int, unit: SIMD3<Float>, scale: Double,
    _ now: Double
  ) {
    func next(_ value: Float, _ axis: Int) -> Float {
      Float(filters[3 * index + axis].next(Double(value * unit[axis]), scale: scale, at: now)) / unit[axis]
    }
    (point.x, point.y, point.z) = (next(point.x, 0), next(point.y, 1), next(point.z, 2))
  }
}
