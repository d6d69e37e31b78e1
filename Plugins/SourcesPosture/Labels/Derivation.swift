import SentryPluginAPI
import SentryPosture

/// Labels that a set does not have, by the ``JointRule``: only where the user asks for it, and recorded.
struct Derivation: Sendable {
  var stress = false
  var trajectory = false
  var thresholds: JointRule.Thresholds

  static let option = OptionDeclaration.string(
    "derive", "",
    "Labels to compute by the joint rule if the dataset has none: stress, trajectory, or stress,trajectory. "
      + "Default: none; the notes record derived labels.")

  /// Throws ``PluginError`` (invalid) for a word that is no such label.
  init(_ text: String, thresholds: JointRule.Thresholds) throws {
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
      ? nil
      : "derived labels, computed from movement by the joint rule and not observed: \(parts.joined(separator: "; "))"
  }

  /// Fills in what is absent and asked for.
  func complete(_ labels: inout PostureLabels, _ frames: Frames, _ skeleton: Skeleton) {
    if stress, labels.stress == nil { labels.stress = JointRule.stress(frames, skeleton, thresholds)?.number }
    if trajectory, labels.trajectory == nil { labels.trajectory = JointRule.trajectory(frames, skeleton)?.number }
  }
}

extension JointRule.Thresholds {
  /// Of sets in metres.
  static let metric = JointRule.Thresholds(calm: 0.1, fidgeting: 0.5)
  static let figshare = JointRule.Thresholds(calm: 0.01, fidgeting: 0.05)
  /// Steps of about 2 % and 7 % of a shoulder width a frame.
  static let relative = JointRule.Thresholds(calm: 0.0005, fidgeting: 0.005, isRelative: true)
}
