import Glibc
import SentryBase
import SentryPosture

/// The landmarks of a simulated person over time, as a tracker with noise sees them.
struct Recording: Sendable {
  typealias Frame = [Skeleton.Point]
  let frames: [Frame]
  /// Of each landmark.
  let visibility: [Double]

  init(_ course: Course, frames count: Int) {
    var random = course.random
    let progress = Course.progress(frames: count, trajectory: course.trajectory, using: &random)
    let person = Pose.deviation(1, using: &random) + Pose([.roll: 5 * random.gaussian()])
    let before = Pose.postures[course.other] + Pose.deviation(0.5, using: &random) + person
    let after = Pose.postures[course.posture] + Pose.deviation(0.5, using: &random) + person
    let skeleton = Skeleton(
      place: [random.uniform(0.4...0.6), random.uniform(0.5...0.65)], scale: random.uniform(0.8...1.15))
    let moves = course.manner.deviations(frames: count, using: &random)
    let poses = zip(progress, moves).map { (part: Double, move: Pose) -> Pose in
      let posture = (1 - part) * before + part * after
      return posture + move
    }
    var frames = poses.map(skeleton.landmarks)
    Self.addNoise(to: &frames, using: &random)
    self.frames = frames
    visibility = Self.visibility(frames, using: &random)
  }

  /// [frames, 15], row by row.
  func features() throws -> [Float] {
    var extractor = PostureFeatures()
    return try frames.flatMap { frame in
      try extractor.next(
        zip(frame, visibility).map { PoseLandmark(x: Float($0.x), y: Float($0.y), visibility: Float($1)) })
    }
  }

  /// What the tracker adds. The landmarks that it half guesses flicker to and fro with every frame, more than anybody moves
  /// them: so everyone's landmarks reverse their way about as often, and the feature that counts it does not tell how they move.
  private static func addNoise(to frames: inout [Frame], using random: inout some RandomNumberGenerator) {
    let sizes = (0..<4).map { _ in exp(0.2 * random.gaussian()) }
    for landmark in 0..<PoseLandmark.count {
      let isSure = Skeleton.isSure(landmark)
      let noise = sizes[Skeleton.part(of: landmark)] * (isSure ? 0.002 : 0.006)
      var flicker = Skeleton.Point.zero
      if !isSure {
        for axis in 0..<2 { flicker[axis] = 0.03 * random.uniform(0.7...1.3) * (random.chance(0.5) ? 1 : -1) }
      }
      for frame in frames.indices {
        let (x, y) = (random.gaussian(), random.gaussian())
        frames[frame][landmark] += noise * Skeleton.Point(x, y) + flicker
        flicker = -flicker
      }
    }
  }

  /// The features of movement weigh landmarks by their visibility. It is such that head, upper body and the rest each come to an
  /// amount of movement that was drawn, in the same way for all manners: how much somebody moves does not tell how.
  private static func visibility(_ frames: [Frame], using random: inout some RandomNumberGenerator) -> [Double] {
    let head = [0, 2, 5, 7, 8]
    let upperBody = Array(11...16)
    let rest = (0..<PoseLandmark.count).filter { !head.contains($0) && !upperBody.contains($0) }
    let level = exp(random.uniform(-0.4...0.4))
    var visibility = [Double](repeating: 1, count: PoseLandmark.count)
    for (group, each) in [(head, 0.0045), (upperBody, 0.0045), (rest, 0.0035)] {
      let wanted = level * each * Double(group.count) * exp(random.uniform(-0.3...0.3))
      let factor = min(1, wanted / max(movement(of: group, frames), 1e-9))
      for landmark in group { visibility[landmark] = factor }
    }
    return visibility
  }

  /// The mean way of some landmarks together from frame to frame.
  private static func movement(of landmarks: [Int], _ frames: [Frame]) -> Double {
    var total = 0.0
    for (before, now) in zip(frames, frames.dropFirst()) {
      for landmark in landmarks {
        let way: Skeleton.Point = now[landmark] - before[landmark]
        total += (way * way).sum().squareRoot()
      }
    }
    return total / Double(frames.count - 1)
  }
}
