import CSentryPlugin
import SentryPluginAPI

/// A picture small and grey: what is compared where copies are looked for.
struct Thumbnail: Sendable, Equatable {
  /// 32 × 32 values from 0 to 255, row by row.
  let values: [Float]

  static let side = 32
  /// Smaller pictures have too little in them to be told apart.
  private static let smallest = 16

  init(values: [Float]) { self.values = values }

  /// Each value is the mean of the part of the picture that it stands for (as OpenCV's INTER_AREA), of its luma (BT.601)
  /// where there are colours.
  ///
  /// - Parameter pixels: height × width × channels, 1 to 4 of these; a fourth is left out.
  /// - Returns: nil for what is no picture, or too small a one.
  init?(pixels: UnsafeBufferPointer<UInt8>, height: Int, width: Int, channels: Int) {
    guard height >= Self.smallest, width >= Self.smallest, (1...4).contains(channels),
      pixels.count == height * width * channels
    else { return nil }
    let columns = Self.shares(width)
    var rows = [Float](repeating: 0, count: height * Self.side)
    var grey = [Float](repeating: 0, count: width)
    for y in 0..<height {
      let start = y * width * channels
      if channels < 3 {
        for x in 0..<width { grey[x] = Float(pixels[start + x * channels]) }
      } else {
        for x in 0..<width {
          let at = start + x * channels
          grey[x] = 0.299 * Float(pixels[at]) + 0.587 * Float(pixels[at + 1]) + 0.114 * Float(pixels[at + 2])
        }
      }
      for (target, share) in columns.enumerated() { rows[y * Self.side + target] = share.mean { grey[$0] } }
    }
    values = Self.shares(height).flatMap { share in
      (0..<Self.side).map { x in share.mean { rows[$0 * Self.side + x] } }
    }
  }

  /// Which part of `length` a thumbnail's pixel covers.
  private struct Share {
    let first, last: Int
    /// How much of the first and of the last one.
    let head, tail: Float

    func mean(_ value: (Int) -> Float) -> Float {
      guard first < last else { return value(first) }
      var (sum, weight) = (head * value(first) + tail * value(last), head + tail)
      for index in first + 1..<last {
        sum += value(index)
        weight += 1
      }
      return sum / weight
    }
  }

  private static func shares(_ length: Int) -> [Share] {
    let step = Double(length) / Double(side)
    return (0..<side).map { index in
      let (start, end) = (Double(index) * step, Double(index + 1) * step)
      let (first, last) = (Int(start), min(Int((end - 1e-9).rounded(.down)), length - 1))
      return Share(first: first, last: last, head: Float(Double(first + 1) - start), tail: Float(end - Double(last)))
    }
  }
}

extension Thumbnail {
  /// Of a sample that is a picture: 8-bit values, [height, width, channels]. nil for all others.
  init?(_ sample: Tensor) {
    guard sample.dtype == .uint8, sample.shape.count == 3, sample.deviceType == SENTRY_DEVICE_CPU,
      let pixels = try? sample.elements(as: UInt8.self)
    else { return nil }
    self.init(
      pixels: UnsafeBufferPointer(pixels), height: sample.shape[0], width: sample.shape[1], channels: sample.shape[2])
  }
}
