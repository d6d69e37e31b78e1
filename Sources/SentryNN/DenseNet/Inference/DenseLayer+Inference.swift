import Glibc

extension DenseLayer: InferenceLayer {
  /// BN-ReLU-conv1×1 with BN and ReLU folded in, by strips; then conv3×3 by bands of rows or by images.
  func plan(_ plan: InferencePlan) throws {
    let growth = try InferenceGrowth(self, plan)
    try planBottleneck(plan, growth)
    try growth.plan(plan)
  }

  private func planBottleneck(_ plan: InferencePlan, _ growth: InferenceGrowth) throws {
    let (inputs, channels, stride) = (inputChannels, Self.bottleneckChannels, map.channels)
    let strips = PixelStrips(plan.images * map.pixelsPerImage, threads: plan.threads)
    let norm = try plan.norm(norm1, map.statistics)
    let conv = try plan.convolution(
      conv1, norm: try plan.norm(norm2, bottleneckStatistics),
      InferenceShape(
        inputChannels: inputs, height: 1, width: strips.length, outputChannels: channels, hasReLU: true,
        precision: plan.precision, resultPrecision: plan.precision))
    let (kernels, size) = (plan.kernels, plan.precision.size)
    let number = try plan.map(map)
    plan.reserveBetween(max(growth.inputFloats, strips.paddedPixels * channels))
    plan.add(pieces: strips.count) { index, memory, workspace in
      let (first, valid) = (strips.start(index), strips.valid(index))
      let activation = UnsafeMutableRawPointer(try workspace.scratch(.activation, strips.length * inputs))
      workspace.timed(.forwardElementwise) {
        kernels.norm_relu(
          valid, inputs, memory.maps[number].pointer + first * stride, stride, norm.scale, norm.shift, activation)
        memset(activation + valid * inputs * size, 0, (strips.length - valid) * inputs * size)
      }
      guard growth.isBlocked else {
        let target = UnsafeMutableRawPointer(memory.between.pointer) + first * channels * size
        return try workspace.timed(.forward1x1) { try conv.run(activation, into: target, workspace) }
      }
      let result = try workspace.scratch(.output, strips.length * channels)
      try workspace.timed(.forward1x1) { try conv.run(activation, into: result, workspace) }
      workspace.timed(.forwardElementwise) { growth.scatter(result, first, valid, memory) }
    }
  }
}
