/// Where in the features of a frame which joint is: what deriving labels needs to know of a set.
struct Skeleton: Sendable {
  /// Values of one joint: x, y, and z or a confidence.
  var stride: Int
  var joints: Int
  /// Whether the third value is a confidence, 0 for a joint that was not seen.
  var hasConfidence: Bool
  /// Coordinates of a joint that count as its place.
  var dimensions: Int
  var head: Int
  /// One joint, or two whose middle counts.
  var hips, shoulders: [Int]
  /// 1 where y grows downwards, as in images; −1 where it grows upwards.
  var down: Float

  var width: Int { stride * joints }

  static let mediaPipe = Skeleton(
    stride: 3, joints: 33, hasConfidence: false, dimensions: 3, head: 0, hips: [23, 24], shoulders: [11, 12], down: 1)
  /// NTU RGB+D: Kinect v2, metres, y up.
  static let kinect = Skeleton(
    stride: 3, joints: 25, hasConfidence: false, dimensions: 3, head: 3, hips: [0], shoulders: [4, 8], down: -1)
  /// CMU Panoptic's 19 joints, centimetres, y down.
  static let panoptic = Skeleton(
    stride: 3, joints: 19, hasConfidence: false, dimensions: 3, head: 1, hips: [2], shoulders: [3, 9], down: 1)
  static let openPose25 = Skeleton(
    stride: 3, joints: 25, hasConfidence: true, dimensions: 2, head: 0, hips: [8], shoulders: [2, 5], down: 1)
  static let openPose18 = Skeleton(
    stride: 3, joints: 18, hasConfidence: true, dimensions: 2, head: 0, hips: [8, 11], shoulders: [2, 5], down: 1)
  static let openPose18Plane = Skeleton(
    stride: 2, joints: 18, hasConfidence: false, dimensions: 2, head: 0, hips: [8, 11], shoulders: [2, 5], down: 1)
}
