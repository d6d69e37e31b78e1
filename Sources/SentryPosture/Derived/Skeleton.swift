/// Where in the features of a frame which joint is: what deriving labels needs to know of a set.
public struct Skeleton: Sendable {
  /// Values of one joint: x, y, and z or a confidence.
  public var stride: Int
  public var joints: Int
  /// Whether the third value is a confidence, 0 for a joint that was not seen.
  public var hasConfidence: Bool
  /// Coordinates of a joint that count as its place.
  public var dimensions: Int
  public var head: Int
  /// One joint, or two whose middle counts.
  public var hips, shoulders: [Int]
  /// 1 where y grows downwards, as in images; −1 where it grows upwards.
  public var down: Float

  public var width: Int { stride * joints }

  public init(
    stride: Int, joints: Int, hasConfidence: Bool, dimensions: Int, head: Int, hips: [Int], shoulders: [Int],
    down: Float
  ) {
    (self.stride, self.joints, self.hasConfidence, self.dimensions) = (stride, joints, hasConfidence, dimensions)
    (self.head, self.hips, self.shoulders, self.down) = (head, hips, shoulders, down)
  }

  public static let mediaPipe = Skeleton(
    stride: 3, joints: 33, hasConfidence: false, dimensions: 3, head: 0, hips: [23, 24], shoulders: [11, 12], down: 1)
  /// NTU RGB+D: Kinect v2, metres, y up.
  public static let kinect = Skeleton(
    stride: 3, joints: 25, hasConfidence: false, dimensions: 3, head: 3, hips: [0], shoulders: [4, 8], down: -1)
  /// CMU Panoptic's 19 joints, centimetres, y down.
  public static let panoptic = Skeleton(
    stride: 3, joints: 19, hasConfidence: false, dimensions: 3, head: 1, hips: [2], shoulders: [3, 9], down: 1)
  public static let openPose25 = Skeleton(
    stride: 3, joints: 25, hasConfidence: true, dimensions: 2, head: 0, hips: [8], shoulders: [2, 5], down: 1)
  public static let openPose18 = Skeleton(
    stride: 3, joints: 18, hasConfidence: true, dimensions: 2, head: 0, hips: [8, 11], shoulders: [2, 5], down: 1)
  /// That of frames of OpenPose, x y confidence a joint.
  public static func openPose(width: Int) -> Skeleton { width == openPose25.width ? openPose25 : openPose18 }
  public static let openPose18Plane = Skeleton(
    stride: 2, joints: 18, hasConfidence: false, dimensions: 2, head: 0, hips: [8, 11], shoulders: [2, 5], down: 1)
}
