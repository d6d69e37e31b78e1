import Glibc
import SentryBase

/// How a body moves beyond changing its posture, one for each class of the task stress, in the classes' order.
enum Manner: Int, CaseIterable, Sendable {
  /// Slow sway.
  case calm
  /// A quick, steady to and fro.
  case fidgeting
  /// Sudden moves, and rest between them.
  case restless
  /// Nothing: what moves is the noise of the tracker.
  case still

  private static let parts: [Pose.Part] = [.spine, .roll, .head, .tilt, .arms, .handX, .handY, .bodyX, .bodyY]
  /// How far each part goes, and which of five drawn factors it shares.
  private static let reach: [(Double, factor: Int)] = [
    (10, 0), (16, 0), (0.048, 1), (16, 1), (0.08, 2), (0.04, 3), (0.04, 3), (0.016, 4), (0.016, 4),
  ]

  /// The deviation from the posture in every frame.
  func deviations(frames: Int, using random: inout some RandomNumberGenerator) -> [Pose] {
    let factors = (0..<5).map { _ in exp(0.4 * random.gaussian()) }
    let reach = Self.reach.map { reach, factor in reach * factors[factor] }
    var poses = [Pose](repeating: Pose(), count: frames)
    func wave(_ index: Int, period: Double, phase: Double) {
      for frame in 0..<frames {
        poses[frame][Self.parts[index]] = reach[index] * sin(2 * .pi * (Double(frame) / period + phase))
      }
    }
    switch self {
    case .still: break
    case .calm:
      for index in Self.parts.indices {
        let period = random.uniform(14.0...28)
        wave(index, period: period, phase: random.uniform(0.0...1))
      }
    case .fidgeting:
      let period = random.uniform(3.0...5)
      for index in Self.parts.indices { wave(index, period: period, phase: random.uniform(0.0...1)) }
    case .restless:
      var next = random.uniform(0.0...5)
      var pose = Self.jump(reach, using: &random)
      for frame in 0..<frames {
        if Double(frame) >= next.rounded(.down) {
          pose = Self.jump(reach, using: &random)
          next += random.uniform(4.0...8)
        }
        poses[frame] = pose
      }
    }
    return poses
  }

  private static func jump(_ reach: [Double], using random: inout some RandomNumberGenerator) -> Pose {
    var pose = Pose()
    for (part, reach) in zip(parts, reach) {
      pose[part] = reach * random.uniform(0.3...0.9) * (random.chance(0.5) ? 1 : -1)
    }
    return pose
  }
}
