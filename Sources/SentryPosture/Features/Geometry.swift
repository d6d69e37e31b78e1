import Glibc

extension PostureFeatures {
  /// What one frame tells alone; angles in degrees, lengths in parts of the image.
  struct Geometry {
    let shoulderAngle, headTilt, spineCurvature, chestOpenness, headForward, shoulderAsymmetry: Float

    init(_ landmarks: [PoseLandmark]) {
      let (left, right) = (landmarks[11].point, landmarks[12].point)
      let shoulders = (left + right) / 2
      shoulderAngle = Self.angle(left - right)
      headTilt = Self.angle(landmarks[7].point - landmarks[8].point)
      let spine = shoulders - (landmarks[23].point + landmarks[24].point) / 2
      let length = Self.length(spine)
      spineCurvature = length > 0 ? acos(max(-1, min(1, -spine.y / length))) * 180 / .pi : 0
      chestOpenness = Self.length(left - right)
      headForward = landmarks[0].x - shoulders.x
      shoulderAsymmetry = abs(left.y - right.y)
    }

    private static func angle(_ v: SIMD2<Float>) -> Float { atan2(v.y, v.x) * 180 / .pi }
    private static func length(_ v: SIMD2<Float>) -> Float { (v * v).sum().squareRoot() }

    /// The nearest of upright_engaged, relaxed_reclined, defensive_closed and collapsed_withdrawn.
    func archetype(stillness: Float, fidgeting: Float) -> Int {
      let straight = 1 - min(abs(spineCurvature) / 45, 1)
      let open = min(chestOpenness / 0.3, 1)
      let up = 1 - min(abs(headTilt) / 30, 1)
      let upright = 0.4 * straight + 0.3 * open + 0.2 * up + 0.1 * (1 - stillness)
      let relaxed = 0.3 * (1 - straight) + 0.2 * open + 0.3 * stillness + 0.2 * (1 - fidgeting)
      let defensive = 0.4 * (1 - open) + 0.3 * fidgeting + 0.3 * (1 - up)
      let collapsed = 0.4 * (1 - straight) + 0.3 * (1 - open) + 0.2 * stillness + 0.1 * (1 - up)
      let scores: [Float] = [upright, relaxed, defensive, collapsed]
      // The first of equals.
      return scores.indices.max { (scores[$0], $1) < (scores[$1], $0) } ?? 0
    }
  }

  /// How far landmarks went since the frame before, each by its visibility now.
  struct Movement {
    private(set) var total: Float = 0
    private(set) var upperBody: Float = 0
    private(set) var head: Float = 0

    /// nil without a frame before.
    init?(from previous: [PoseLandmark], to landmarks: [PoseLandmark]) {
      guard previous.count == landmarks.count else { return nil }
      for (index, (old, new)) in zip(previous, landmarks).enumerated() {
        let way = new.point - old.point
        let distance = (way * way).sum().squareRoot() * new.visibility
        total += distance
        if (11...16).contains(index) { upperBody += distance }
        if [0, 2, 5, 7, 8].contains(index) { head += distance }
      }
    }
  }
}

extension PoseLandmark {
  var point: SIMD2<Float> { SIMD2(x, y) }
}
