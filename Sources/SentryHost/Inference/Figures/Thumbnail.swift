import SentryPluginAPI

extension ContactSheet.Thumbnail {
  /// Images of more pixels a side are reduced by area.
  static let largestSide = 132

  /// nil where the tensor is no image: uint8 [height, width, 1 or 3 channels].
  package init?(_ sample: Tensor) {
    guard sample.dtype == .uint8, sample.shape.count == 3, sample.shape.allSatisfy({ $0 > 0 }),
      let pixels = try? sample.elements(as: UInt8.self)
    else { return nil }
    let (height, width, channels) = (sample.shape[0], sample.shape[1], sample.shape[2])
    guard channels == 1 || channels == 3 else { return nil }
    let step = (max(width, height) + Self.largestSide - 1) / Self.largestSide
    (self.width, self.height) = (max(width / step, 1), max(height / step, 1))
    self.pixels = []
    self.pixels.reserveCapacity(self.width * self.height * 3)
    for row in 0..<self.height {
      for column in 0..<self.width {
        for channel in 0..<3 {
          var (sum, count) = (0, 0)
          for y in row * step..<min((row + 1) * step, height) {
            for x in column * step..<min((column + 1) * step, width) {
              sum += Int(pixels[(y * width + x) * channels + min(channel, channels - 1)])
              count += 1
            }
          }
          self.pixels.append(UInt8(sum / max(count, 1)))
        }
      }
    }
    withExtendedLifetime(sample) {}
  }
}
