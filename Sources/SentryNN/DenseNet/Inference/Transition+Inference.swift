import Glibc

extension Transition: InferenceLayer {
  /// BN-ReLU and pooling of a strip of output pixels, conv1×1, and the copy to its place in the next map.
  func plan(_ plan: InferencePlan) throws {
    let (channels, results, input, output) = (input.channels, input.channels / 2, input, output)
    let strips = PixelStrips(plan.images * output.pixelsPerImage, threads: plan.threads)
    let norm = try plan.norm(norm, input.statistics)
    let convolution = try plan.convolution(
      conv,
      InferenceShape(
        inputChannels: channels, height: 1, width: strips.length, outputChannels: results, precision: plan.precision))
    let (from, to) = (try plan.map(input), try plan.map(output))
    let (kernels, size) = (plan.kernels, plan.precision.size)
    plan.add(pieces: strips.count) { index, memory, workspace in
      try workspace.timed(.transition) {
        let (first, valid) = (strips.start(index), strips.valid(index))
        let pooled = UnsafeMutableRawPointer(try workspace.scratch(.activation, strips.length * channels))
        var pixel = first
        // A run of output pixels of one row at a time.
        while pixel < first + valid {
          let (image, row) = (pixel / output.pixelsPerImage, pixel % output.pixelsPerImage / output.width)
          let column = pixel % output.width
          let length = min(output.width - column, first + valid - pixel)
          let top =
            memory.maps[from].pointer
            + ((image * input.height + 2 * row) * input.width + 2 * column) * channels
          kernels.norm_relu_pool(
            length, channels, top, top + input.width * channels, channels, norm.scale, norm.shift,
            pooled + (pixel - first) * channels * size)
          pixel += length
        }
        memset(pooled + valid * channels * size, 0, (strips.length - valid) * channels * size)
        let result = try workspace.scratch(.output, strips.length * results)
        try convolution.run(pooled, into: result, workspace)
        let target = memory.maps[to].pointer + first * output.channels
        kernels.copy(valid, results, result, results, 16, target, output.channels, 16)
      }
    }
  }
}
