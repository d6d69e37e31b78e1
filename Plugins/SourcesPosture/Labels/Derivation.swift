import Glibc
import SentryPluginAPI

/// Labels that a set does not have, computed from the movement: only where the user asks for it, and recorded.
///
/// - Stress: the mean variance over time of the frame differences, of each coordinate of the joints seen in both frames;
///   two thresholds make calm, fidgeting and restless. Stillness in excess cannot be told from calm in this way.
/// - Trajectory: the slope of a score of uprightness, the height of the head over the hips in widths of the shoulders, by
///   least squares over the sequence; a change of more than 5 % of the mean score is improving or deteriorating.
struct Derivation: Sendable {
  var stress = false
  var trajectory = false
  var thresholds: Thresholds

  /// Variances below which a sequence is calm, or fidgeting.
  struct Thresholds: Sendable {
    var calm, fidgeting: Float
    /// Whether movement is measured in widths of the shoulders: where coordinates are pixels, whose size means nothing.
    var isRelative = false

    /// Of sets in metres.
    static let metric = Thresholds(calm: 0.1, fidgeting: 0.5)
    static let figshare = Thresholds(calm: 0.01, fidgeting: 0.05)
    /// Steps of about 2 % and 7 % of a shoulder width a frame.
    static let relative = Thresholds(calm: 0.0005, fidgeting: 0.005, isRelative: true)
  }

  static let option = OptionDeclaration.string(
    "derive", "",
    "Labels to compute from the movement where the set has none: stress, trajectory, or stress,trajectory. "
      + "Never done unasked; the notes record it.")

  /// Throws ``PluginError`` (invalid) for a word that is no such label.
  init(_ text: String, thresholds: Thresholds) throws {
    self.thresholds = thresholds
    for word in text.split(separator: ",") {
      switch word.trimmingSpaces.lowercased() {
      case "stress": stress = true
      case "trajectory": trajectory = true
      default:
        throw PluginError.invalid(
          "derive: '\(word)' cannot be derived", hint: "give stress, trajectory, or stress,trajectory")
      }
    }
  }

  var isEmpty: Bool { !stress && !trajectory }

  var note: String? {
    var parts: [String] = []
    if stress {
      parts.append(
        "stress (calm below a variance of the frame differences of \(thresholds.calm), fidgeting below "
          + "\(thresholds.fidgeting), else restless\(thresholds.isRelative ? "; in widths of the shoulders" : ""))")
    }
    if trajectory { parts.append("trajectory (slope of head height over hips, 5 % of its mean)") }
    return parts.isEmpty
      ? nil : "derived labels, computed from movement and not observed: \(parts.joined(separator: "; "))"
  }

  /// Fills in what is absent and asked for.
  func complete(_ labels: inout PostureLabels, _ frames: Frames, _ skeleton: Skeleton) {
    if stress, labels.stress == nil, var variance = Self.movementVariance(frames, skeleton) {
      // Without shoulders there is no measure: no number is under a threshold, and none is over it.
      if thresholds.isRelative { variance /= Self.shoulderWidth(frames, skeleton).map { $0 * $0 } ?? .nan }
      if !variance.isNaN {
        labels.stress = variance < thresholds.calm ? 0 : variance < thresholds.fidgeting ? 1 : 2
      }
    }
    if trajectory, labels.trajectory == nil, let change = Self.uprightnessChange(frames, skeleton) {
      labels.trajectory = change < -0.05 ? 1 : change > 0.05 ? 2 : 0
    }
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
