import Glibc

/// The 33 landmarks of a sitting body, seen from before and a little aside, in parts of the image.
struct Skeleton: Sendable {
  typealias Point = SIMD2<Double>

  /// Of the hips' middle.
  let place: Point
  /// Of the body in the image.
  let scale: Double

  private static let face: [Point] = [
    [0, 0], [0.012, -0.03], [0.02, -0.03], [0.028, -0.03], [-0.012, -0.03], [-0.02, -0.03], [-0.028, -0.03],
    [0.05, -0.015], [-0.05, -0.015], [0.018, 0.03], [-0.018, 0.03],
  ]

  /// MediaPipe's order.
  func landmarks(_ pose: Pose) -> [Point] {
    var points = [Point](repeating: .zero, count: 33)
    let lean = pose[.spine] * .pi / 180
    let shoulders = 0.33 * Point(sin(lean), -cos(lean))
    let roll = pose[.roll] * .pi / 180
    let half = pose[.chest] * Point(cos(roll), sin(roll))
    let nose = shoulders + Point(pose[.head], -0.17)
    let (sine, cosine) = (sin(pose[.tilt] * .pi / 180), cos(pose[.tilt] * .pi / 180))
    for (index, point) in Self.face.enumerated() {
      let x: Double = cosine * point.x - sine * point.y
      let y: Double = sine * point.x + cosine * point.y
      points[index] = nose + Point(x, y)
    }
    for (side, offset) in [(1.0, 0), (-1.0, 1)] {
      points[11 + offset] = shoulders + side * half
      let elbow = side * (0.03 + 0.2 * pose[.arms])
      points[13 + offset] = points[11 + offset] + Point(elbow, 0.15)
      let wrist = side * (0.5 * pose[.arms] - 0.1) + pose[.handX]
      points[15 + offset] = points[13 + offset] + Point(wrist, 0.08 + pose[.handY])
      for finger in 0..<3 {
        let spread = side * 0.01 * Double(finger - 1)
        points[17 + 2 * finger + offset] = points[15 + offset] + Point(spread, 0.025)
      }
      let legs: [Point] = [[0.085, 0], [0.12, 0.17], [0.11, 0.36], [0.1, 0.38], [0.14, 0.39]]
      for (joint, point) in legs.enumerated() { points[23 + 2 * joint + offset] = Point(side * point.x, point.y) }
    }
    let shift = place + Point(pose[.bodyX], pose[.bodyY])
    return points.map { scale * $0 + shift }
  }

  /// Which part of the body a landmark is of: 0 head, 1 shoulders and elbows, 2 hands, 3 hips and legs.
  static func part(of landmark: Int) -> Int { landmark < 11 ? 0 : landmark < 15 ? 1 : landmark < 23 ? 2 : 3 }

  /// Whether a tracker is sure of a landmark: of the face's outline, the trunk and the arms. The others it half guesses.
  static func isSure(_ landmark: Int) -> Bool {
    switch landmark {
    case 0, 2, 5, 7, 8, 11...16, 23, 24: true
    default: false
    }
  }
}
