import Glibc
import SentryPluginAPI

/// The 15 numbers that the posture model sees of a frame, made one frame after the other: four of geometry, two of the head
/// and shoulders, three of movement, stillness, fidgeting, and which of four archetypes the posture is nearest to.
///
/// A frame depends on at most 30 before it, so an object belongs to one recording.
public struct PostureFeatures: Sendable {
  public static let count = 15
  public static let names = [
    "shoulder_angle", "head_tilt", "spine_curvature", "chest_openness", "head_forward", "shoulder_asymmetry",
    "total_movement", "upper_body_movement", "head_movement", "stillness", "fidgeting",
    "upright_engaged", "relaxed_reclined", "defensive_closed", "collapsed_withdrawn",
  ]
  /// How many frames stillness and fidgeting look back.
  static let memory = 30

  private var previous: [PoseLandmark] = []
  /// The last total movements, oldest first.
  private var movements: [Float] = []
  /// The x of all landmarks in the last frames, oldest first.
  private var positions: [[Float]] = []

  public init() {}

  /// The features of the next frame.
  /// - Throws: ``PluginError`` for another number of landmarks than 33.
  public mutating func next(_ landmarks: [PoseLandmark]) throws -> [Float] {
    guard landmarks.count == PoseLandmark.count else {
      throw PluginError.invalid("a frame has \(landmarks.count) landmarks instead of \(PoseLandmark.count)")
    }
    let geometry = Geometry(landmarks)
    let movement = Movement(from: previous, to: landmarks)
    remember(landmarks, movement)
    let (stillness, fidgeting) = (self.stillness, self.fidgeting)
    var features: [Float] = [
      geometry.shoulderAngle / 90, geometry.headTilt / 90, geometry.spineCurvature / 90, geometry.chestOpenness,
      geometry.headForward, geometry.shoulderAsymmetry, movement?.total ?? 0, movement?.upperBody ?? 0,
      movement?.head ?? 0, stillness, fidgeting,
    ]
    let archetype = geometry.archetype(stillness: stillness, fidgeting: fidgeting)
    features += (0..<4).map { $0 == archetype ? 1 : 0 }
    return features
  }

  private mutating func remember(_ landmarks: [PoseLandmark], _ movement: Movement?) {
    previous = landmarks
    if let movement { movements.append(movement.total) }
    if movements.count > Self.memory { movements.removeFirst() }
    positions.append(landmarks.map(\.x))
    if positions.count > Self.memory { positions.removeFirst() }
  }

  /// 1 for a body at rest, towards 0 the more it moves.
  private var stillness: Float {
    guard !movements.isEmpty else { return 1 }
    return 1 / (1 + 50 * movements.reduce(0, +) / Float(movements.count))
  }

  /// How often landmarks reverse their way along x, 0…1; 0 until ten frames are known.
  private var fidgeting: Float {
    guard positions.count >= 10 else { return 0 }
    var changes: Float = 0
    for landmark in 0..<PoseLandmark.count {
      var last: Float?
      for frame in 1..<positions.count {
        let velocity = positions[frame][landmark] - positions[frame - 1][landmark]
        let sign: Float = velocity > 0 ? 1 : velocity < 0 ? -1 : 0
        if let last { changes += abs(sign - last) }
        last = sign
      }
    }
    return min(changes / Float(PoseLandmark.count * (positions.count - 1) + 1), 1)
  }
}
