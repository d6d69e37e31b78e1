/// Pillow's antialiased bilinear resize along one axis: a triangle that is widened to the step where the image shrinks.
///
/// OpenCV has no equal: its linear filter does not widen, and its area filter is a box. Weights are 22-bit fixed
/// point, as in Pillow's `Resample.c`, and the result is the same to the bit.
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

  /// Lends starts, weights and support as bare memory: the loops over pixels are too hot for checked arrays.
  func withTaps(_ body: (UnsafeBufferPointer<Int>, UnsafeBufferPointer<Int32>, Int) -> Void) {
    starts.withUnsafeBufferPointer { starts in
      weights.withUnsafeBufferPointer { weights in body(starts, weights, support) }
    }
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
    // The pass that leaves fewer pixels comes first, as in Pillow (13.0): both round to whole levels.
    if self.width * height < width * self.height {
      return resampledColumns(to: height).resampledRows(to: width)
    }
    return resampledRows(to: width).resampledColumns(to: height)
  }

  private func resampledRows(to width: Int) -> Image {
    guard width != self.width else { return self }
    let axis = AntialiasedAxis(source: self.width, target: width)
    let (channels, height, stride) = (channels, height, self.width * self.channels)
    return written(width: width, height: height) { source, target in
      axis.withTaps { starts, weights, support in
        for row in 0..<height {
          for x in 0..<width {
            let start = row * stride + starts[x] * channels
            for channel in 0..<channels {
              var sum: Int32 = 0
              for tap in 0..<support {
                sum &+= weights[x &* support &+ tap] &* Int32(source[start &+ tap &* channels &+ channel])
              }
              target[(row * width + x) * channels + channel] = AntialiasedAxis.rounded(sum)
            }
          }
        }
      }
    }
  }

  private func resampledColumns(to height: Int) -> Image {
    guard height != self.height else { return self }
    let axis = AntialiasedAxis(source: self.height, target: height)
    let stride = width * channels
    return written(width: width, height: height) { source, target in
      withUnsafeTemporaryAllocation(of: Int32.self, capacity: stride) { sums in
        axis.withTaps { starts, weights, support in
          for y in 0..<height {
            sums.initialize(repeating: 0)
            for tap in 0..<support {
              let weight = weights[y * support + tap]
              let row = UnsafeBufferPointer(
                rebasing: source[(starts[y] + tap) * stride..<(starts[y] + tap + 1) * stride])
              for x in 0..<stride { sums[x] &+= weight &* Int32(row[x]) }
            }
            let row = UnsafeMutableBufferPointer(rebasing: target[y * stride..<(y + 1) * stride])
            for x in 0..<stride { row[x] = AntialiasedAxis.rounded(sums[x]) }
          }
        }
      }
    }
  }

  /// A new image of that size, whose pixels `body` writes, all of them.
  private func written(
    width: Int, height: Int, _ body: (UnsafeBufferPointer<UInt8>, UnsafeMutableBufferPointer<UInt8>) -> Void
  ) -> Image {
    let count = width * height * channels
    let result = pixels.withUnsafeBufferPointer { source in
      [UInt8](unsafeUninitializedCapacity: count) { target, initialised in
        body(source, target)
        initialised = count
      }
    }
    return Image(trusted: width, height, channels, result)
  }
}
