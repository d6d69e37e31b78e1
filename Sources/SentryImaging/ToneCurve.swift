import Glibc

/// A map of the 256 levels: every operation that looks at one value at a time, and what such operations compose to.
public struct ToneCurve: Equatable, Sendable {
  /// 256 values.
  public private(set) var levels: [UInt8]

  public init(_ level: (UInt8) -> UInt8) {
    levels = (UInt8.min...UInt8.max).map(level)
  }

  public static let identity = ToneCurve { $0 }

  /// This curve, then `next`.
  public func followed(by next: ToneCurve) -> ToneCurve {
    ToneCurve { next.levels[Int(levels[Int($0)])] }
  }

  /// The mean that values with this histogram have behind the curve.
  public func mean(of histogram: [Int]) -> Float {
    var sum = 0
    for (level, count) in zip(levels, histogram) { sum += Int(level) * count }
    return Float(sum) / Float(histogram.reduce(0, +))
  }

  /// v ↦ 255 · (v / 255)^exponent, rounded down, as NumPy's cast to `uint8` does.
  public static func power(_ exponent: Double) -> ToneCurve {
    ToneCurve { UInt8(max(0, min(255, pow(Double($0) / 255, exponent) * 255))) }
  }

  /// torchvision's `adjust_brightness`.
  public static func brightness(_ factor: Double) -> ToneCurve {
    ToneCurve { Blend(factor)(Float($0), 0) }
  }

  /// torchvision's `adjust_contrast` of an image whose grey form has this mean.
  public static func contrast(_ factor: Double, mean: Float) -> ToneCurve {
    ToneCurve { Blend(factor)(Float($0), mean) }
  }
}

extension Image {
  /// Every value of every channel through the curve.
  public mutating func apply(_ curve: ToneCurve) {
    pixels.withUnsafeMutableBufferPointer { pixels in
      curve.levels.withUnsafeBufferPointer { levels in
        for index in pixels.indices { pixels[index] = levels[Int(pixels[index])] }
      }
    }
  }

  /// How often each of the 256 levels occurs, over all channels.
  public func histogram() -> [Int] {
    // Four tables: equal neighbours (the black around a warped face) would wait for one another in one.
    var counts = [UInt32](repeating: 0, count: 4 * 256)
    pixels.withUnsafeBufferPointer { pixels in
      counts.withUnsafeMutableBufferPointer { counts in
        let quads = pixels.count & ~3
        for index in stride(from: 0, to: quads, by: 4) {
          counts[Int(pixels[index])] &+= 1
          counts[256 + Int(pixels[index + 1])] &+= 1
          counts[512 + Int(pixels[index + 2])] &+= 1
          counts[768 + Int(pixels[index + 3])] &+= 1
        }
        for index in quads..<pixels.count { counts[Int(pixels[index])] &+= 1 }
      }
    }
    return (0..<256).map { level in (0..<4).reduce(0) { $0 + Int(counts[$1 * 256 + level]) } }
  }
}
