import SentryBase

extension Pose {
  /// The body of each class of the task posture, in the classes' order.
  static let postures = [
    Pose([.spine: 4, .chest: 0.150, .head: 0.010, .tilt: 2, .arms: 0.15]),  // upright
    Pose([.spine: 20, .chest: 0.145, .head: 0.075, .tilt: 5, .arms: 0.10]),  // slouched
    Pose([.spine: 9, .chest: 0.190, .head: -0.020, .tilt: -2, .arms: 0.35]),  // open
    Pose([.spine: 13, .chest: 0.100, .head: 0.045, .tilt: 12, .arms: 0]),  // closed
  ]

  /// How good each is: who ends higher than they began improves.
  static let ranks = [3, 1, 2, 0]

  /// How much people differ in the same posture.
  private static let spread = Pose([.spine: 2.5, .chest: 0.008, .head: 0.012, .tilt: 3, .arms: 0.04])

  /// A deviation of `scale` times the usual one between people.
  static func deviation(_ scale: Double, using random: inout some RandomNumberGenerator) -> Pose {
    var pose = Pose()
    for part in [Part.spine, .chest, .head, .tilt, .arms] { pose[part] = scale * spread[part] * random.gaussian() }
    return pose
  }
}
