extension Stem: InferenceLayer {
  /// Convolution with batch norm and ReLU by bands of rows, then max pooling. In f32 always: one channel gains nothing from bf16.
  func plan(_ plan: InferencePlan) throws {
    let (side, size, channels, images) = (convolvedSize, size, Self.channels, plan.images)
    let norm = try plan.norm(norm, statistics)
    let bands = Band.split(
      height: size, outputHeight: side, kernel: 7, stride: 2, padding: 3, parts: plan.threads)
    let convolutions = try bands.map { band in
      try plan.convolution(
        conv, norm: norm,
        InferenceShape(
          inputChannels: 1, height: band.inputs.count, width: size, outputChannels: channels, kernel: 7, stride: 2,
          padding: 3, top: band.top, bottom: band.bottom, hasReLU: true))
    }
    plan.reserveBetween(images * side * side * channels)
    plan.add(pieces: images * bands.count) { piece, memory, workspace in
      let (image, index) = (piece / bands.count, piece % bands.count)
      let source = memory.input + (image * size + bands[index].inputs.lowerBound) * size
      let target = memory.between.pointer + (image * side + bands[index].outputs.lowerBound) * side * channels
      try workspace.timed(.stem) {
        try convolutions[index].run(UnsafeMutableRawPointer(mutating: source), into: target, workspace)
      }
    }
    let map = try plan.map(output)
    let (kernels, stride, height, width) = (plan.kernels, output.channels, output.height, output.width)
    let parts = plan.threads
    plan.add(pieces: images * parts) { piece, memory, workspace in
      let (image, part) = (piece / parts, piece % parts)
      let (first, last) = (height * part / parts, height * (part + 1) / parts)
      workspace.timed(.stem) {
        kernels.max_pool(
          side, side, channels, first, last, memory.between.pointer + image * side * side * channels,
          memory.maps[map].pointer + (image * height + first) * width * stride, stride)
      }
    }
  }
}
