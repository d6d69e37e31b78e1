/// Pillow's antialiased bilinear resize along one axis: a triangle that is widened to the step where the image shrinks.
///
/// OpenCV has no equal: its linear filter does not widen, and its area filter is a box. Weights are 22-bit fixed point, as
/// in Pillow's `Resample.c`, and the result is the same to the bit.
struct AntialiasedAxis {
  private static let precision: Int32 = 22

  /// For every target position: where its window starts, and its weights (`support` of them, zeros at the end).
  let starts: [Int]
  let weights: [Int32]
  let support: Int

  init(source: Int, target: Int) {
    let step = Double(source) / Double(target)
    let width = max(step, 1)
    let support = min(source, Int(width.rounded(.up)) * 2 + 1)
    var starts: [Int] = []
    var weights: [Int32] = []
    starts.reserveCapacity(target)
    weights.reserveCapacity(target * support)
    for position in 0..<target {
      let centre = (Double(position) + 0.5) * step
      let window = max(0, Int(centre - width + 0.5))..<min(source, Int(centre + width + 0.5))
      func triangle(_ index: Int) -> Double { max(0, 1 - abs((Double(index) - centre + 0.5) / width)) }
      let sum = window.reduce(0) { $0 + triangle($1) }
      // All windows have one length: one at the far edge starts earlier, and zeros fill it up.
      let start = min(window.lowerBound, source - support)
      starts.append(start)
      for index in start..<start + support {
        let weight = window.contains(index) ? triangle(index) / sum : 0
        weights.append(Int32(weight * Double(1 << Self.precision) + 0.5))
      }
    }
    self.support = support
    self.starts = starts
    self.weights = weights
  }

  /// Rounds a fixed-point sum to a pixel value.
  @inline(__always)
  static func rounded(_ sum: Int32) -> UInt8 {
    UInt8(truncatingIfNeeded: max(0, min(255, (sum &+ 1 << (precision - 1)) >> precision)))
  }
}

extension Image {
  /// Pillow's `resize(size, BILINEAR)`, and so torchvision's `resize` of a PIL image: used where a model is evaluated.
  ///
  /// - Throws: ``ImagingError`` where the size is impossible.
  public func resizedAntialiased(width: Int, height: Int) throws(ImagingError) -> Image {
    try Image.check(width: width, height: height, channels: channels)
    var result = self
    if width != self.width { result = result.resampledRows(to: width) }
    if height != self.height { result = result.resampledColumns(to: height) }
    return result
  }

  private func resampledRows(to width: Int) -> Image {
    let axis = AntialiasedAxis(source: self.width, target: width)
    let (channels, height, stride) = (channels, height, self.width * self.channels)
    let result = pixels.withUnsafeBufferPointer { source in
      [UInt8](unsafeUninitializedCapacity: width * height * channels) { target, count in
        axis.weights.withUnsafeBufferPointer { weights in
          for row in 0..<height {
            for x in 0..<width {
              let start = row * stride + axis.starts[x] * channels
              for channel in 0..<channels {
                var sum: Int32 = 0
                for tap in 0..<axis.support {
                  sum &+= weights[x * axis.support + tap] &* Int32(source[start + tap * channels + channel])
                }
                target[(row * width + x) * channels + channel] = AntialiasedAxis.rounded(sum)
              }
            }
          }
        }
        count = width * height * channels
      }
    }
    return Image(trusted: width, height, channels, result)
  }

  private func resampledColumns(to height: Int) -> Image {
    let axis = AntialiasedAxis(source: self.height, target: height)
    let stride = width * channels
    var sums = [Int32](repeating: 0, count: stride)
    let result = pixels.withUnsafeBufferPointer { source in
      [UInt8](unsafeUninitializedCapacity: stride * height) { target, count in
        sums.withUnsafeMutableBufferPointer { sums in
          for y in 0..<height {
            sums.update(repeating: 0)
            for tap in 0..<axis.support {
              let weight = axis.weights[y * axis.support + tap]
              let row = (axis.starts[y] + tap) * stride
              for x in 0..<stride { sums[x] &+= weight &* Int32(source[row + x]) }
            }
            for x in 0..<stride { target[y * stride + x] = AntialiasedAxis.rounded(sums[x]) }
          }
        }
        count = stride * height
      }
    }
    return Image(trusted: width, height, channels, result)
  }
}
