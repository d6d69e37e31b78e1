/// What the muscles of a face do, in units of half the face's height. Positive y is down, as in pictures.
struct Expression {
  /// How far the corners of the mouth stand above its middle; negative: below.
  var smile: Float
  /// Half the mouth's width.
  var mouthWidth: Float
  /// Half the height of the open mouth; near 0: closed.
  var mouthOpening: Float
  /// How far the brows are raised.
  var browRaise: Float
  /// How far the inner end of a brow stands above the outer end; negative: frowning.
  var browSlant: Float
  /// Half the height of the open eye.
  var eyeOpening: Float
}

extension Expression {
  /// The expressions of a class lie between these two corners, each number on its own.
  ///
  /// After the action units of Ekman and Friesen's EMFACS: happy 12, sad 1+4+15, surprise 1+2+5+26, fear 1+2+4+5+20+25,
  /// anger 4+5+7+23.
  static func range(of emotion: Emotion) -> (low: Expression, high: Expression) {
    switch emotion {
    case .neutral:
      (.init(-0.02, 0.24, 0, -0.01, -0.03, 0.075), .init(0.03, 0.32, 0.01, 0.05, 0.03, 0.105))
    case .happy:
      (.init(0.16, 0.34, 0, -0.01, -0.03, 0.055), .init(0.26, 0.42, 0.10, 0.06, 0.03, 0.095))
    case .sad:
      (.init(-0.24, 0.22, 0, -0.02, 0.15, 0.045), .init(-0.15, 0.32, 0.01, 0.05, 0.24, 0.075))
    case .surprise:
      (.init(-0.02, 0.13, 0.19, 0.13, -0.03, 0.13), .init(0.02, 0.20, 0.29, 0.22, 0.04, 0.18))
    case .fear:
      (.init(-0.10, 0.32, 0.07, 0.06, 0.15, 0.13), .init(-0.02, 0.42, 0.13, 0.14, 0.24, 0.18))
    case .anger:
      (.init(-0.10, 0.22, 0, -0.11, -0.26, 0.05), .init(-0.02, 0.34, 0.05, -0.04, -0.16, 0.09))
    }
  }

  private init(_ smile: Float, _ width: Float, _ opening: Float, _ raise: Float, _ slant: Float, _ eye: Float) {
    self.init(
      smile: smile, mouthWidth: width, mouthOpening: opening, browRaise: raise, browSlant: slant, eyeOpening: eye)
  }
}
