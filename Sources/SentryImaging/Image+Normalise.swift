extension Image {
  /// Writes (x / 255 − 0.5) / 0.5 of every value, in the image's own order: −1…1, single precision.
  ///
  /// - Precondition: `target` has room for width × height × channels values.
  public func normalise(into target: UnsafeMutableBufferPointer<Float>) {
    precondition(target.count >= pixels.count, "no room for \(pixels.count) values")
    pixels.withUnsafeBufferPointer { pixels in
      for index in pixels.indices { target[index] = (Float(pixels[index]) / 255 - 0.5) * 2 }
    }
  }

  /// What a network is evaluated on: antialiased resize to size × size, grey, normalised.
  public func evaluationInput(
    size: Int, into target: UnsafeMutableBufferPointer<Float>
  ) throws(ImagingError) {
    guard target.count >= size * size else {
      throw .invalidArgument("room for \(target.count) values instead of \(size * size)", hint: "give size × size")
    }
    try resizedAntialiased(width: size, height: size).grey().normalise(into: target)
  }
}
