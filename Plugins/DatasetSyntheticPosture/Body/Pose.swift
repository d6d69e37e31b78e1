/// How a simulated body sits: a handful of numbers that add and mix like a vector.
struct Pose: Sendable, Equatable {
  /// In the order of ``Part``.
  private var values: SIMD16<Double>

  enum Part: Int, CaseIterable, Sendable {
    /// Lean of the trunk in degrees.
    case spine
    /// Half the distance between the shoulders.
    case chest
    /// How far the nose is before the shoulders, along x.
    case head
    /// Of the head, in degrees.
    case tilt
    /// How far the arms are spread.
    case arms
    /// Of the shoulders, in degrees.
    case roll
    case handX, handY
    /// Of the whole body.
    case bodyX, bodyY
  }

  init(_ parts: [Part: Double] = [:]) {
    values = .zero
    for (part, value) in parts { values[part.rawValue] = value }
  }

  private init(values: SIMD16<Double>) { self.values = values }

  subscript(part: Part) -> Double {
    get { values[part.rawValue] }
    set { values[part.rawValue] = newValue }
  }

  static func + (a: Pose, b: Pose) -> Pose { Pose(values: a.values + b.values) }
  static func * (factor: Double, pose: Pose) -> Pose { Pose(values: factor * pose.values) }
}
