import SentryImaging

/// torchvision's `ColorJitter`: the four adjustments at random factors, in random order. One whose spread is 0 is not made.
struct ColorJitter: PhotometricTransform {
  /// Factors are drawn from 1 − x to 1 + x, never below 0.
  let brightness: Double
  let contrast: Double
  let saturation: Double
  /// Turns of the hue are drawn from −x to x of the circle.
  let hue: Double

  enum Adjustment: Equatable, Sendable {
    case brightness(Double)
    case contrast(Double)
    case saturation(Double)
    case hue(Double)
  }

  /// The adjustments in the order in which they are made.
  func draw(using random: inout some RandomNumberGenerator) -> [Adjustment]? {
    let order = random.permutation(4)
    func factors(_ spread: Double) -> ClosedRange<Double> { max(0, 1 - spread)...1 + spread }
    let adjustments: [Adjustment] = [
      .brightness(random.uniform(factors(brightness))), .contrast(random.uniform(factors(contrast))),
      .saturation(random.uniform(factors(saturation))), .hue(random.uniform(-hue...hue)),
    ]
    let spreads = [brightness, contrast, saturation, hue]
    return order.filter { spreads[$0] > 0 }.map { adjustments[$0] }
  }

  func apply(_ parameters: [Adjustment], to image: inout Image) throws(ImagingError) {
    guard image.channels == 3 else { return image.apply(greyCurve(parameters, of: image)) }
    for adjustment in parameters {
      switch adjustment {
      case .brightness(let factor): try image.adjustBrightness(factor)
      case .contrast(let factor): try image.adjustContrast(factor)
      case .saturation(let factor): try image.adjustSaturation(factor)
      case .hue(let turn): try image.adjustHue(turn)
      }
    }
  }

  /// A grey image has no saturation and no hue, and the other two look at one value at a time, so that all of it is one
  /// curve; the means that contrast needs come from the histogram. Equal to adjusting step by step.
  private func greyCurve(_ parameters: [Adjustment], of image: Image) -> ToneCurve {
    let histogram = image.histogram()
    return parameters.reduce(.identity) { curve, adjustment in
      switch adjustment {
      case .brightness(let factor): curve.followed(by: .brightness(factor))
      case .contrast(let factor):
        curve.followed(by: .contrast(factor, mean: curve.mean(of: histogram)))
      case .saturation, .hue: curve
      }
    }
  }
}
