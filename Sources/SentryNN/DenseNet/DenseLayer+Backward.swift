import CSentryKernels

extension DenseLayer {
  /// From G of this layer's 32 channels to G of the channels that it reads, and the gradients of its weights.
  public func backward(_ pass: Pass) throws {
    // In low memory the 1×1 convolution's output is made again: same operands, same values.
    if pass.memory == .low { try computeBottleneck(pass, summing: false) }
    bottleneckStatistics.clearGradientSums()
    try backwardGrowth(pass)
    norm2.reduceGradient(context.sums, bottleneckStatistics)
    guard backwardReachesInput || conv1.weight.trainable else { return }
    try backwardBottleneck(pass)
    guard backwardReachesInput else { return }
    norm1.reduceGradient(context.sums, map.statistics)
  }

  /// Backward through conv3×3 and ReLU-BN: the 32 channels' gradient is completed (all their readers have been here),
  /// the bottleneck's G is left in `bottleneckGradient`.
  private func backwardGrowth(_ pass: Pass) throws {
    let (groups, area, kernels, sums) = (groups(pass), map.pixelsPerImage, context.kernels, context.sums)
    let (channels, growth, bottleneck, gradient) = (
      Self.bottleneckChannels, Self.growth, bottleneck(pass), bottleneckGradient
    )
    let coefficients = try map.statistics.inputGradient(
      first: inputChannels, channels: growth, count: pass.batch * area)
    sums.clear()
    try context.run(groups.count) { index, workspace in
      let (first, valid, thread) = (groups.start(index) * area, groups.valid(index), workspace.thread)
      let slabs = Slab.all(valid, area, conv2.shape)
      let upstream = try workspace.activations(.output, groups.size * area * growth)
      workspace.timed(.backwardElementwise) {
        for slab in slabs {
          kernels.norm_input_gradient(
            slab.pixels, growth, map.gradientView(pixel: first + slab.first, channel: inputChannels),
            map.view(pixel: first + slab.first, channel: inputChannels), coefficients.mean, coefficients.a,
            coefficients.b, coefficients.c,
            0, slab.view(upstream, growth))
        }
        (upstream + valid * area * growth).clear((groups.size - valid) * area * growth)
      }
      if let winograd = conv2.winograd {
        let (tiles, source) = (tiles(valid), (bottleneck + first * channels).floats)
        if conv2.weight.trainable {
          try workspace.timed(.backward3x3Weights) {
            try winograd.backwardWeights(
              source, WinogradConvolution.Norm(norm2), upstream.floats, tiles, workspace)
          }
        }
        return try workspace.timed(.backward3x3Data) {
          try winograd.backwardData(
            upstream.floats, tiles,
            through: WinogradConvolution.NormGradient(
              norm: WinogradConvolution.Norm(norm2), mean: bottleneckStatistics.mean, factor: norm2.gradientFactor,
              sums: (sums.first(thread), sums.second(thread))),
            source, into: gradient + first * channels, workspace)
        }
      }
      let activation = try workspace.timed(.backwardElementwise) {
        try activate(bottleneck, groups, index, workspace)
      }
      if conv2.weight.trainable { try conv2.backwardWeights(activation, upstream, .backward3x3Weights, workspace) }
      let downstream = try workspace.scratch(.gradient, groups.size * area * channels)
      try workspace.timed(.backward3x3Data) { try conv2.backwardData(upstream, into: downstream, workspace) }
      workspace.timed(.backwardElementwise) {
        for slab in slabs {
          let offset = (first + slab.first) * channels
          kernels.norm_relu_gradient(
            slab.pixels, channels, slab.view(downstream, channels), rows(bottleneck + offset, channels), norm2.scale,
            norm2.shift, bottleneckStatistics.mean, norm2.gradientFactor, 1, rows(gradient + offset, channels),
            sums.first(thread), sums.second(thread))
        }
      }
    }
    try conv2.winograd?.gather(into: conv2.weight.gradient, context)
  }

  /// Backward through conv1×1 and ReLU-BN, a strip at a time: adds to G of the block's first `inputChannels` channels.
  private func backwardBottleneck(_ pass: Pass) throws {
    let (strips, kernels, sums) = (strips(pass), context.kernels, context.sums)
    let (channels, bottleneck, gradient) = (Self.bottleneckChannels, bottleneck(pass), bottleneckGradient)
    let coefficients = try bottleneckStatistics.inputGradient(
      first: 0, channels: channels, count: strips.pixels)
    sums.clear()
    try context.run(strips.count) { index, workspace in
      let (first, valid, thread) = (strips.start(index), strips.valid(index), workspace.thread)
      let upstream = try workspace.activations(.output, strips.length * channels)
      let activation = try workspace.timed(.backwardElementwise) {
        kernels.norm_input_gradient(
          valid, channels, rows(gradient + first * channels, channels), rows(bottleneck + first * channels, channels),
          coefficients.mean, coefficients.a, coefficients.b, coefficients.c, 0, rows(upstream, channels))
        (upstream + valid * channels).clear((strips.length - valid) * channels)
        return try activate(strips, index, workspace)
      }
      if conv1.weight.trainable { try conv1.backwardWeights(activation, upstream, .backward1x1Weights, workspace) }
      guard backwardReachesInput else { return }
      let downstream = try workspace.scratch(.gradient, strips.length * inputChannels)
      try workspace.timed(.backward1x1Data) { try conv1.backwardData(upstream, into: downstream, workspace) }
      workspace.timed(.backwardElementwise) {
        kernels.norm_relu_gradient(
          valid, inputChannels, rows(downstream, inputChannels), map.view(pixel: first), norm1.scale, norm1.shift,
          map.statistics.mean, norm1.gradientFactor, 0, map.gradientView(pixel: first), sums.first(thread),
          sums.second(thread))
      }
    }
  }
}
