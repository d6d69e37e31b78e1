import SentryImaging

/// One face with everything that varies from person to person and from picture to picture.
struct Face {
  var expression: Expression
  var pose: Pose
  var look: Look
  var light: Light
  /// Draws the noise and the clutter behind the face.
  var textureSeed: UInt64

  /// Where the head is and where it looks.
  struct Pose {
    /// From the middle of the picture, in half its size.
    var shift: SIMD2<Float>
    /// Half the face's height, in half the picture's size.
    var scale: Float
    /// Radians.
    var roll: Float
    /// How far the features move over the head, sideways and down.
    var gaze: SIMD2<Float>
  }

  /// The person. Levels of grey are 0…255.
  struct Look {
    var skin, hair, brows, lips, eyes, iris, mouth: Float
    var headWidth, hairline, eyeDistance, eyeWidth, browThickness, lipThickness, noseLength: Float
    var glasses, beard, teeth: Bool
  }

  /// The picture.
  struct Light {
    /// How much brighter the side is that the light comes from, as a vector.
    var direction: SIMD2<Float>
    var gain: Float
    var backgroundFrom, backgroundTo: Float
    /// Half the range of the noise, in levels.
    var noise: Float
    /// How many pixels an edge spreads over, in a picture of 64 × 64.
    var softness: Float
  }
}

extension Face {
  /// A face that depends on the emotion and the seed alone.
  init(_ emotion: Emotion, seed: UInt64) {
    var random = SplitMix64(seed: seed)
    expression = .random(emotion, &random)
    pose = .random(&random)
    look = .random(&random)
    light = .random(&random)
    textureSeed = random.next()
  }
}

extension SplitMix64 {
  /// Uniform, in single precision.
  mutating func draw(_ low: Float, _ high: Float) -> Float {
    low + Float(next() >> 40) * 0x1p-24 * (high - low)
  }
}

extension Expression {
  static func random(_ emotion: Emotion, _ random: inout SplitMix64) -> Expression {
    let (low, high) = range(of: emotion)
    func draw(_ value: KeyPath<Expression, Float>) -> Float { random.draw(low[keyPath: value], high[keyPath: value]) }
    return Expression(
      smile: draw(\.smile), mouthWidth: draw(\.mouthWidth), mouthOpening: draw(\.mouthOpening),
      browRaise: draw(\.browRaise), browSlant: draw(\.browSlant), eyeOpening: draw(\.eyeOpening))
  }
}

extension Face.Pose {
  static func random(_ random: inout SplitMix64) -> Self {
    Self(
      shift: SIMD2(random.draw(-0.10, 0.10), random.draw(-0.10, 0.10)), scale: random.draw(0.78, 1.02),
      roll: random.draw(-0.26, 0.26), gaze: SIMD2(random.draw(-0.12, 0.12), random.draw(-0.08, 0.08)))
  }
}

extension Face.Look {
  static func random(_ random: inout SplitMix64) -> Self {
    let skin = random.draw(60, 215)
    /// A level that stands out from the skin, on either side of it.
    func contrasting(_ low: Float, _ high: Float, darker: Float) -> Float {
      let step = random.draw(low, high)
      let down = random.draw(0, 1) < darker
      return (down && skin - step >= 0) || skin + step > 255 ? max(skin - step, 0) : skin + step
    }
    return Self(
      skin: skin, hair: random.draw(5, 250), brows: contrasting(60, 120, darker: 0.8),
      lips: contrasting(60, 110, darker: 0.8), eyes: contrasting(45, 90, darker: 0.2), iris: 0,
      mouth: contrasting(70, 130, darker: 0.8), headWidth: random.draw(0.68, 0.84), hairline: random.draw(-0.86, -0.66),
      eyeDistance: random.draw(0.29, 0.36), eyeWidth: random.draw(0.13, 0.18), browThickness: random.draw(0.08, 0.13),
      lipThickness: random.draw(0.08, 0.13), noseLength: random.draw(0.12, 0.24), glasses: random.draw(0, 1) < 0.12,
      beard: random.draw(0, 1) < 0.15, teeth: random.draw(0, 1) < 0.5
    ).withIris(random.draw(40, 90))
  }

  /// The iris stands out from the white of the eye.
  private func withIris(_ step: Float) -> Self {
    var look = self
    look.iris = eyes > 127 ? eyes - step : eyes + step
    return look
  }
}

extension Face.Light {
  static func random(_ random: inout SplitMix64) -> Self {
    Self(
      direction: SIMD2(random.draw(-0.35, 0.35), random.draw(-0.35, 0.35)), gain: random.draw(0.7, 1.15),
      backgroundFrom: random.draw(0, 255), backgroundTo: random.draw(0, 255), noise: random.draw(2, 12),
      softness: random.draw(1, 2))
  }
}
