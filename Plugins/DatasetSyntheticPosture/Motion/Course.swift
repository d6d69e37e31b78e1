import SentryBase
import SentryPosture

/// From which posture to which a sequence goes, and when: the labels of all three tasks.
///
/// Of any two postures one sequence ends in the one and another in the other, after the same time in each: the mean over a
/// sequence tells the two postures, but neither which was the last nor which way it went.
struct Course: Sendable, Equatable {
  /// Classes of the tasks.
  let posture, trajectory: Int
  let manner: Manner
  /// The posture before, or between.
  let other: Int
  /// Drawn numbers from here on decide the rest.
  private(set) var random: SplitMix64

  static func == (a: Course, b: Course) -> Bool {
    (a.posture, a.trajectory, a.manner, a.other) == (b.posture, b.trajectory, b.manner, b.other)
  }

  init(index: Int, seed: UInt64) {
    random = SplitMix64(seed: seed)
    manner = Manner.allCases[index % 4]
    trajectory = index / 4 % 3
    let first = random.uniform(0...3)
    let second = (first + random.uniform(1...3)) % 4
    let (better, worse) = Pose.ranks[first] > Pose.ranks[second] ? (first, second) : (second, first)
    switch trajectory {
    case 2: (posture, other) = (better, worse)  // improving
    case 1: (posture, other) = (worse, better)  // deteriorating
    default: (posture, other) = (first, second)  // stable: there and back
    }
  }

  var targets: [Int?] { [posture, manner.rawValue, trajectory] }

  /// How far each frame is from the other posture to the last one, 0…1.
  ///
  /// Changes take one step, or three (there, back, and there again); a stable course takes two. So the amount of movement does
  /// not tell them apart.
  static func progress(frames: Int, trajectory: Int, using random: inout some RandomNumberGenerator) -> [Double] {
    let change = random.uniform(2.0...4)
    let last = random.uniform(0.38...0.62) * Double(frames)
    let before = Double(frames) - last
    let (u, v) = (random.uniform(0.35...0.65), random.uniform(0.35...0.65))
    let isSimple = random.chance(0.65)
    let spans = trajectory == 0 ? [last * u, before] : isSimple ? [before] : [before * u, last * v, before * (1 - u)]
    var state: Double = trajectory == 0 ? 1 : 0
    var progress = [Double](repeating: state, count: frames)
    var moment = 0.0
    for span in spans {
      moment += span
      for frame in 0..<frames {
        progress[frame] += (1 - 2 * state) * smoothStep((Double(frame) - moment) / change + 0.5)
      }
      state = 1 - state
    }
    return progress
  }

  private static func smoothStep(_ x: Double) -> Double {
    let x = min(max(x, 0), 1)
    return x * x * (3 - 2 * x)
  }
}
