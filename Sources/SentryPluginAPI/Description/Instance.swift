/// What a detector found at one place of an image.
///
/// Positions are parts of the image: x of its width, y of its height, from the upper left corner, y down.
public struct Instance: Sendable, Equatable {
  /// An upright rectangle.
  public struct Box: Sendable, Equatable {
    public var x, y, width, height: Float
    public init(x: Float, y: Float, width: Float, height: Float) {
      (self.x, self.y, self.width, self.height) = (x, y, width, height)
    }
  }

  public struct Keypoint: Sendable, Equatable {
    public var x, y: Float
    /// Depth in the scale of `x`, smaller is nearer to the camera; 0 if it is not known.
    public var z: Float
    /// The probability that the point is visible, 0…1.
    public var visibility: Float
    public init(x: Float, y: Float, z: Float = 0, visibility: Float = 1) {
      (self.x, self.y, self.z, self.visibility) = (x, y, z, visibility)
    }
  }

  public var box: Box
  /// 0…1.
  public var score: Float
  /// The same number is the same instance in all images of a session; nil if the detector does not track it.
  public var id: Int?
  /// In the order of ``DetectorSpecification/keypoints``.
  public var keypoints: [Keypoint]
  /// The keypoints in metres, y down; empty if the detector does not know them.
  public var world: [SIMD3<Float>]

  public init(
    box: Box, score: Float, id: Int? = nil, keypoints: [Keypoint] = [], world: [SIMD3<Float>] = []
  ) {
    (self.box, self.score, self.id, self.keypoints, self.world) = (box, score, id, keypoints, world)
  }
}

public struct DetectorSpecification: Codable, Sendable, Equatable {
  /// What it finds, in one word, for example `person`.
  public var instances: String
  /// The names of the keypoints, in order.
  public var keypoints: [String]
  /// Pairs of keypoints that a picture connects by a line.
  public var edges: [[Int]]

  public init(instances: String, keypoints: [String] = [], edges: [[Int]] = []) {
    (self.instances, self.keypoints, self.edges) = (instances, keypoints, edges)
  }
}

public struct FeatureSpecification: Codable, Sendable, Equatable {
  /// The names of the values of one vector, in order.
  public var names: [String]
  /// The keypoints that the features are computed from, by the detectors' names, in order.
  public var keypoints: [String]

  public init(names: [String], keypoints: [String]) { (self.names, self.keypoints) = (names, keypoints) }
}
