/// Stress and trajectory by rule, from the joints of any skeleton: the joint rule. Only where the user asks for it, and recorded.
///
/// - Stress: the mean variance over time of the frame differences, of each coordinate of the joints seen in both frames;
///   two thresholds make calm, fidgeting and restless. Stillness in excess cannot be told from calm in this way.
/// - Trajectory: the slope of a score of uprightness, the height of the head over the hips in widths of the shoulders, by
///   least squares over the sequence; a change of more than 5 % of the mean score is improving or deteriorating.
///
/// ``FeatureRule`` labels the same tasks from the 15 live features, which not every skeleton has.
public enum JointRule {
  /// Variances below which a sequence is calm, or fidgeting.
  public struct Thresholds: Sendable {
    public var calm, fidgeting: Float
    /// Whether movement is measured in widths of the shoulders: where coordinates are pixels, whose size means nothing.
    public var isRelative: Bool

    public init(calm: Float, fidgeting: Float, isRelative: Bool = false) {
      (self.calm, self.fidgeting, self.isRelative) = (calm, fidgeting, isRelative)
    }
  }

  /// nil where too little is seen.
  public static func stress(_ frames: Frames, _ skeleton: Skeleton, _ thresholds: Thresholds) -> Stress? {
    guard var variance = movementVariance(frames, skeleton) else { return nil }
    // Without shoulders there is no measure: no number is under a threshold, and none is over it.
    if thresholds.isRelative { variance /= shoulderWidth(frames, skeleton).map { $0 * $0 } ?? .nan }
    guard !variance.isNaN else { return nil }
    return variance < thresholds.calm ? .calm : variance < thresholds.fidgeting ? .fidgeting : .restless
  }

  /// nil where too little is seen.
  public static func trajectory(_ frames: Frames, _ skeleton: Skeleton) -> Trajectory? {
    uprightnessChange(frames, skeleton).map { $0 < -0.05 ? .deteriorating : $0 > 0.05 ? .improving : .stable }
  }

  /// nil for fewer than three frames.
  static func movementVariance(_ frames: Frames, _ skeleton: Skeleton) -> Float? {
    guard frames.count >= 3, frames.width == skeleton.width else { return nil }
    var (variances, channels) = (0.0, 0)
    for joint in 0..<skeleton.joints {
      for axis in 0..<skeleton.dimensions {
        var (sum, squares, count) = (0.0, 0.0, 0.0)
        for frame in 1..<frames.count {
          guard skeleton.sees(joint, frame, frames), skeleton.sees(joint, frame - 1, frames) else { continue }
          let column = joint * skeleton.stride + axis
          let step = Double(frames[frame, column] - frames[frame - 1, column])
          (sum, squares, count) = (sum + step, squares + step * step, count + 1)
        }
        guard count >= 2 else { continue }
        variances += max(0, squares / count - (sum / count) * (sum / count))
        channels += 1
      }
    }
    return channels > 0 ? Float(variances / Double(channels)) : nil
  }

  /// The mean over the frames in which both shoulders are seen; nil where they never are.
  static func shoulderWidth(_ frames: Frames, _ skeleton: Skeleton) -> Float? {
    let widths = (0..<frames.count).compactMap { frame -> Float? in
      guard skeleton.shoulders.allSatisfy({ skeleton.sees($0, frame, frames) }) else { return nil }
      return skeleton.shoulderWidth(frame, frames)
    }
    let mean = widths.reduce(0, +) / Float(max(widths.count, 1))
    return mean > 0 ? mean : nil
  }

  /// The change over the sequence as a share of the mean; nil where too little is seen.
  static func uprightnessChange(_ frames: Frames, _ skeleton: Skeleton) -> Double? {
    guard frames.width == skeleton.width else { return nil }
    var points: [(time: Double, score: Double)] = []
    for frame in 0..<frames.count {
      let needed = [skeleton.head] + skeleton.hips + skeleton.shoulders
      guard needed.allSatisfy({ skeleton.sees($0, frame, frames) }) else { continue }
      func y(_ joints: [Int]) -> Float {
        joints.reduce(0) { $0 + frames[frame, $1 * skeleton.stride + 1] } / Float(joints.count)
      }
      let width = skeleton.shoulderWidth(frame, frames)
      let height = (y(skeleton.hips) - y([skeleton.head])) * skeleton.down
      guard width > 0 else { continue }
      points.append((Double(frame), Double(height / width)))
    }
    guard points.count >= 10 else { return nil }
    let count = Double(points.count)
    let time = points.reduce(0) { $0 + $1.time } / count
    let mean = points.reduce(0) { $0 + $1.score } / count
    let spread = points.reduce(0) { $0 + ($1.time - time) * ($1.time - time) }
    guard spread > 0, abs(mean) > 1e-6 else { return nil }
    let slope = points.reduce(0) { $0 + ($1.time - time) * ($1.score - mean) } / spread
    return slope * Double(frames.count) / abs(mean)
  }
}

extension Skeleton {
  func shoulderWidth(_ frame: Int, _ frames: Frames) -> Float {
    let (left, right) = (shoulders[0] * stride, shoulders[1] * stride)
    return (0..<dimensions).reduce(Float(0)) { sum, axis in
      let gap = frames[frame, left + axis] - frames[frame, right + axis]
      return sum + gap * gap
    }.squareRoot()
  }

  func sees(_ joint: Int, _ frame: Int, _ frames: Frames) -> Bool {
    !hasConfidence || frames[frame, joint * stride + 2] > 0
  }
}
