/// Stress and trajectory by rule, from the 15 live features of the frames (``PostureFeatures``): the feature rule.
///
/// ``JointRule`` labels the same tasks from joints, for sets whose joints make no live features. The two measure different
/// things, so that "restless" by one is not "restless" by the other: a set's labels come from one of them.
public enum FeatureRule {
  /// Values of a frame that the rule reads: live features, or landmarks that they are computed from.
  public static let widths = [PostureFeatures.count, PoseLandmark.count * 3]

  /// [frames][15] from frames of one of the ``widths``, row by row.
  public static func liveFeatures(_ values: [Float], width: Int) throws -> [[Float]] {
    let frames = stride(from: 0, to: values.count, by: width).map { Array(values[$0..<$0 + width]) }
    guard width != PostureFeatures.count else { return frames }
    var features = PostureFeatures()
    return try frames.map { frame in
      try features.next(
        stride(from: 0, to: frame.count, by: 3).map { PoseLandmark(x: frame[$0], y: frame[$0 + 1], z: frame[$0 + 2]) })
    }
  }

  /// By movement: excessive stillness where the mean stillness is over 0.9, else restless where landmarks move by more than
  /// 0.6 a frame in sum, else fidgeting where the mean of the fidgeting index is over 0.3 and they move by more than 0.1, else
  /// calm.
  public static func stress(_ frames: [[Float]]) -> Stress {
    func mean(_ feature: Int) -> Float { frames.reduce(0) { $0 + $1[feature] } / Float(frames.count) }
    let (movement, stillness, fidgeting) = (mean(6), mean(9), mean(10))
    if stillness > 0.9 { return .excessiveStillness }
    if movement > 0.6 { return .restless }
    return fidgeting > 0.3 && movement > 0.1 ? .fidgeting : .calm
  }

  /// By the slope of a posture score (the mean of how straight the spine, how open the chest and how upright the head is, each
  /// 0…1): improving where the line of least squares rises by more than 0.1 from end to end, deteriorating where it falls by
  /// more, else stable.
  public static func trajectory(_ frames: [[Float]]) -> Trajectory {
    guard frames.count > 1 else { return .stable }
    let scores = frames.map { frame -> Float in
      let straight = 1 - min(abs(frame[2]) * 2, 1)
      let open = min(frame[3] / 0.3, 1)
      let up = 1 - min(abs(frame[1]) * 3, 1)
      return (straight + open + up) / 3
    }
    let middle = Float(frames.count - 1) / 2
    let mean = scores.reduce(0, +) / Float(scores.count)
    var (products, squares): (Float, Float) = (0, 0)
    for (frame, score) in scores.enumerated() {
      let time = Float(frame) - middle
      (products, squares) = (products + time * (score - mean), squares + time * time)
    }
    let rise = products / squares * Float(frames.count - 1)
    return rise > 0.1 ? .improving : rise < -0.1 ? .deteriorating : .stable
  }
}
