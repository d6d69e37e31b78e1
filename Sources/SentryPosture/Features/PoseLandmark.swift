/// One of the 33 points of a body as MediaPipe numbers them: 0 nose, 2 and 5 eyes, 7 and 8 ears, 11 and 12 shoulders, 13 and
/// 14 elbows, 15 and 16 wrists, 23 and 24 hips; the odd ones of these are the left.
public struct PoseLandmark: Sendable, Equatable {
  /// Parts of the image's width and height, y down.
  public var x, y: Float
  public var z: Float
  /// 0…1.
  public var visibility: Float

  public init(x: Float, y: Float, z: Float = 0, visibility: Float = 1) {
    (self.x, self.y, self.z, self.visibility) = (x, y, z, visibility)
  }

  public static let count = 33
}
