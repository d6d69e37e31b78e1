/// Pixels cut into equal strips, at least one for each thread that shares them.
struct PixelStrips {
  let pixels: Int
  let length: Int
  let count: Int

  init(_ pixels: Int, threads: Int) {
    self.pixels = pixels
    // Alone, a thread takes longer strips: more work for each load of the weights, and what it reads is still in its cache.
    let longest = threads > 1 ? 196 : 392
    let wanted = max(threads, (pixels + longest - 1) / longest)
    length = (pixels + (wanted + threads - 1) / threads * threads - 1) / ((wanted + threads - 1) / threads * threads)
    count = (pixels + length - 1) / length
  }

  /// What buffers have room for: the last strip may be shorter than it is computed.
  var paddedPixels: Int { length * count }

  func start(_ index: Int) -> Int { index * length }

  func valid(_ index: Int) -> Int { min(length, pixels - index * length) }
}

/// Output rows of a convolution that one thread makes, and the input rows that it reads for them.
struct Band {
  let outputs: Range<Int>
  let inputs: Range<Int>
  /// Rows of padding above and below those inputs.
  let (top, bottom): (Int, Int)

  static func split(height: Int, outputHeight: Int, kernel: Int, stride: Int, padding: Int, parts: Int) -> [Band] {
    let count = min(parts, outputHeight)
    return (0..<count).map { index in
      let outputs = outputHeight * index / count..<outputHeight * (index + 1) / count
      let first = outputs.lowerBound * stride - padding
      let end = (outputs.upperBound - 1) * stride - padding + kernel
      let inputs = max(0, first)..<min(height, end)
      return Band(
        outputs: outputs, inputs: inputs, top: inputs.lowerBound - first, bottom: max(0, end - inputs.upperBound))
    }
  }
}
