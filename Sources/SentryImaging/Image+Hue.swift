extension Image {
  /// torchvision's `adjust_hue`: turns the hue by `turn` of a full circle. Nothing happens to a grey image.
  ///
  /// - Parameter turn: −0.5…0.5.
  public mutating func adjustHue(_ turn: Double) throws(ImagingError) {
    guard (-0.5...0.5).contains(turn) else {
      throw .invalidArgument("a hue turn of \(turn)", hint: "it goes from -0.5 to 0.5 of a circle")
    }
    guard channels == 3 else { return }
    let turn = Float(turn)
    forEachColour { colour in
      var colour = HSV(colour)
      let hue = colour.hue + turn
      colour.hue = hue - hue.rounded(.down)
      return colour.rgb
    }
  }
}

/// Hue, saturation and value in 0…1, single precision, as torchvision converts them.
private struct HSV {
  var hue: Float
  let saturation: Float
  let value: Float

  @inline(__always)
  init(_ colour: SIMD3<UInt8>) {
    let (r, g, b) = (Float(colour.x) / 255, Float(colour.y) / 255, Float(colour.z) / 255)
    let most = max(r, g, b)
    let range = most - min(r, g, b)
    value = most
    saturation = range == 0 ? 0 : range / most
    let divisor = range == 0 ? 1 : range
    let (fromR, fromG, fromB) = ((most - r) / divisor, (most - g) / divisor, (most - b) / divisor)
    let sector: Float =
      if most == r { fromB - fromG } else if most == g { 2 + fromR - fromB } else { 4 + fromG - fromR }
    let turned = sector / 6 + 1
    hue = turned - turned.rounded(.towardZero)
  }

  var rgb: SIMD3<UInt8> {
    @inline(__always) get {
      let sextant = (hue * 6).rounded(.down)
      let f = hue * 6 - sextant
      let p = max(0, min(1, value * (1 - saturation)))
      let q = max(0, min(1, value * (1 - saturation * f)))
      let t = max(0, min(1, value * (1 - saturation * (1 - f))))
      let colour: SIMD3<Float> =
        switch Int(sextant) % 6 {
        case 0: [value, t, p]
        case 1: [q, value, p]
        case 2: [p, value, t]
        case 3: [p, q, value]
        case 4: [t, p, value]
        default: [value, p, q]
        }
      // torchvision spreads 0…1 over the levels: 256 less a thousandth, rounded down.
      let levels = colour * 255.999
      return SIMD3(UInt8(levels.x), UInt8(levels.y), UInt8(levels.z))
    }
  }
}
