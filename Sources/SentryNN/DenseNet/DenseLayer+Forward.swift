import CSentryKernels

extension DenseLayer {
  /// Appends this layer's 32 channels to the block's map, and their statistics.
  public func forward(_ pass: Pass) throws {
    let pixels = pass.batch * map.pixelsPerImage
    try norm1.prepare(map.statistics, count: pixels, pass)
    try computeBottleneck(pass, summing: norm2.usesBatch(pass))
    try bottleneckStatistics.set(
      norm2.usesBatch(pass) ? context.sums : nil, first: 0, channels: Self.bottleneckChannels, count: pixels)
    try norm2.prepare(bottleneckStatistics, count: pixels, pass)
    let summing = pass.training && map.needsStatistics
    try computeGrowth(pass, summing: summing)
    try map.statistics.set(summing ? context.sums : nil, first: inputChannels, channels: Self.growth, count: pixels)
  }

  /// BN-ReLU-conv1×1, a strip of pixels at a time: normalised, convolved and summed while it is in cache.
  func computeBottleneck(_ pass: Pass, summing: Bool) throws {
    let (strips, channels, kernels, sums) = (strips(pass), Self.bottleneckChannels, context.kernels, context.sums)
    let bottleneck = bottleneck(pass)
    sums.clear()
    try context.run(strips.count) { index, workspace in
      let output = bottleneck + strips.start(index) * channels
      let activation = try workspace.timed(.forwardElementwise) {
        try activate(strips, index, workspace)
      }
      try workspace.timed(.forward1x1) { try conv1.forward(activation, into: output, workspace) }
      guard summing else { return }
      workspace.timed(.forwardElementwise) {
        let thread = workspace.thread
        kernels.statistics(
          strips.valid(index), channels, rows(output, channels), sums.first(thread), sums.second(thread))
      }
    }
  }

  /// BN-ReLU of a strip of the map, dense; pixels past the end are zeros.
  func activate(_ strips: Strips, _ index: Int, _ workspace: Workspace) throws -> Elements {
    let valid = strips.valid(index)
    let activation = try workspace.activations(.activation, strips.length * inputChannels)
    context.kernels.norm_relu(
      valid, inputChannels, map.view(pixel: strips.start(index)), norm1.scale, norm1.shift,
      rows(activation, inputChannels))
    (activation + valid * inputChannels).clear((strips.length - valid) * inputChannels)
    return activation
  }

  /// BN-ReLU-conv3×3, a few images at a time; the result is copied to its place in the map and summed in passing.
  private func computeGrowth(_ pass: Pass, summing: Bool) throws {
    let (groups, area, kernels, sums) = (groups(pass), map.pixelsPerImage, context.kernels, context.sums)
    let bottleneck = bottleneck(pass)
    sums.clear()
    if let winograd = conv2.winograd {
      return try context.run(groups.count) { index, workspace in
        let (first, tiles, thread) = (groups.start(index) * area, tiles(groups.valid(index)), workspace.thread)
        try workspace.timed(.forward3x3) {
          try winograd.forward(
            (bottleneck + first * Self.bottleneckChannels).floats, WinogradConvolution.Norm(norm2), tiles,
            only: 0..<tiles.count, into: map.values(pixel: first, channel: inputChannels).floats, stride: map.channels,
            summing ? (sums.first(thread), sums.second(thread)) : nil, workspace)
        }
      }
    }
    try context.run(groups.count) { index, workspace in
      let first = groups.start(index) * area
      let activation = try workspace.timed(.forwardElementwise) {
        try activate(bottleneck, groups, index, workspace)
      }
      let output = try workspace.activations(.output, groups.size * area * Self.growth)
      try workspace.timed(.forward3x3) { try conv2.forward(activation, into: output, workspace) }
      workspace.timed(.forwardElementwise) {
        let thread = workspace.thread
        for slab in Slab.all(groups.valid(index), area, conv2.shape) {
          kernels.copy_statistics(
            slab.pixels, Self.growth, slab.view(output, Self.growth),
            map.view(pixel: first + slab.first, channel: inputChannels),
            summing ? sums.first(thread) : nil, summing ? sums.second(thread) : nil)
        }
      }
    }
  }

  /// BN-ReLU of a group of images of the bottleneck, in the 3×3 convolution's layout; missing images are zeros.
  func activate(
    _ bottleneck: Elements, _ groups: ImageGroups, _ index: Int, _ workspace: Workspace
  ) throws -> Elements {
    let (area, channels, valid) = (map.pixelsPerImage, Self.bottleneckChannels, groups.valid(index))
    let activation = try workspace.activations(.activation, groups.size * area * channels)
    let source = bottleneck + groups.start(index) * area * channels
    for slab in Slab.all(valid, area, conv2.shape) {
      context.kernels.norm_relu(
        slab.pixels, channels, rows(source + slab.first * channels, channels), norm2.scale, norm2.shift,
        slab.view(activation, channels))
    }
    (activation + valid * area * channels).clear((groups.size - valid) * area * channels)
    return activation
  }
}
