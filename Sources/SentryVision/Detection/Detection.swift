/// A point of a body or a face.
public struct Keypoint: Equatable, Sendable {
  /// Parts of the picture's width and height, y down; metres from the middle of the hips for a point of the world.
  public var x, y: Float
  /// Depth, smaller nearer to the camera, in the scale of `x`; 0 where it is not known.
  public var z: Float
  /// How likely the point is seen and not hidden, 0…1.
  public var visibility: Float

  public init(x: Float, y: Float, z: Float = 0, visibility: Float = 1) {
    (self.x, self.y, self.z, self.visibility) = (x, y, z, visibility)
  }

  var place: SIMD2<Float> { SIMD2(x, y) }
}

/// An upright rectangle in parts of the picture's width and height.
public struct Box: Equatable, Sendable {
  public var x, y, width, height: Float

  public init(x: Float, y: Float, width: Float, height: Float) {
    (self.x, self.y, self.width, self.height) = (x, y, width, height)
  }

  /// What both have in common, as a part of what either has.
  func overlap(_ other: Box) -> Float {
    let common =
      max(0, min(x + width, other.x + other.width) - max(x, other.x))
      * max(0, min(y + height, other.y + other.height) - max(y, other.y))
    let all = width * height + other.width * other.height - common
    return all > 0 ? common / all : 0
  }
}

/// What a detector found at one place.
public struct Detection: Equatable, Sendable {
  /// How sure the detector is, 0…1.
  public var score: Float
  public var box: Box
  /// In the detector's own order.
  public var keypoints: [Keypoint]

  public init(score: Float, box: Box, keypoints: [Keypoint]) {
    (self.score, self.box, self.keypoints) = (score, box, keypoints)
  }
}
