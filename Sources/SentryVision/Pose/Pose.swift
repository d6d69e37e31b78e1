/// A body in a picture.
public struct Pose: Equatable, Sendable {
  /// 33 points in MediaPipe's order, in parts of the picture; outside of it, too, where a body goes on there.
  public var keypoints: [Keypoint]
  /// The same points in metres from the middle of the hips, as the network imagines the body.
  public var world: [Keypoint]
  /// How likely there is a body at all, 0…1.
  public var presence: Float
  /// What was looked at.
  public var region: Region

  /// The smallest rectangle around the points that are likely seen; around all, where none is.
  public var box: Box {
    let seen = keypoints.filter { $0.visibility >= 0.5 }
    let points = seen.isEmpty ? keypoints : seen
    let (x, y) = (points.map(\.x), points.map(\.y))
    guard let left = x.min(), let right = x.max(), let top = y.min(), let bottom = y.max() else {
      return Box(x: 0, y: 0, width: 0, height: 0)
    }
    return Box(x: left, y: top, width: right - left, height: bottom - top)
  }

  public static let keypointCount = 33

  /// Which points a picture joins by a line: MediaPipe's `POSE_CONNECTIONS`.
  public static let edges: [(Int, Int)] = [
    (0, 1), (1, 2), (2, 3), (3, 7), (0, 4), (4, 5), (5, 6), (6, 8), (9, 10), (11, 12), (11, 13), (13, 15), (15, 17),
    (15, 19), (15, 21), (17, 19), (12, 14), (14, 16), (16, 18), (16, 20), (16, 22), (18, 20), (11, 23), (12, 24),
    (23, 24), (23, 25), (24, 26), (25, 27), (26, 28), (27, 29), (28, 30), (29, 31), (30, 32), (27, 31), (28, 32),
  ]
}
