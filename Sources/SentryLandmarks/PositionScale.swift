import SentryPluginAPI

/// Turns the positions of a file into parts of the picture.
struct PositionScale {
  /// nil: the positions are parts already.
  let size: SIMD2<Float>?
  /// Landmarks reach beyond the picture, but no body is this many pictures away.
  private static let farthest: Float = 10

  /// - Parameter z: kept as it is.
  /// - Throws: ``PluginError`` where positions are no parts of a picture and its size is not known.
  func keypoint(x: Float, y: Float, z: Float, visibility: Float, place: () -> String) throws -> Instance.Keypoint {
    guard let size else {
      guard abs(x) <= Self.farthest, abs(y) <= Self.farthest else {
        throw PluginError.badData(
          "\(place()): the position \(x), \(y) is in pixels; parts of the picture's width and height, 0 to 1, are expected",
          hint: "state the size of the pictures, for example --size 640x480")
      }
      return Instance.Keypoint(x: x, y: y, z: z, visibility: visibility)
    }
    return Instance.Keypoint(x: x / size.x, y: y / size.y, z: z, visibility: visibility)
  }
}

extension Instance.Keypoint {
  /// One that was not found.
  static let absent = Instance.Keypoint(x: .nan, y: .nan, z: .nan, visibility: 0)

  var isKnown: Bool { x.isFinite && y.isFinite }
}

extension Instance {
  /// With the box around the keypoints that are known, and their mean visibility as score; nil where none is known.
  init?(around keypoints: [Keypoint], id: Int? = nil) {
    let known = keypoints.filter(\.isKnown)
    guard let left = known.map(\.x).min(), let right = known.map(\.x).max(), let top = known.map(\.y).min(),
      let bottom = known.map(\.y).max()
    else { return nil }
    self.init(
      box: Box(x: left, y: top, width: right - left, height: bottom - top),
      score: known.reduce(0) { $0 + $1.visibility } / Float(known.count), id: id, keypoints: keypoints)
  }
}
