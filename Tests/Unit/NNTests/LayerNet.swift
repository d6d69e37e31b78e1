import SentryThreads

@testable import SentryNN

/// Some layers between an input map and a readout (norm, ReLU, mean), as in a network; names as in make_layer_fixtures.py.
final class LayerNet {
  let context: ComputeContext
  let arena = ParameterArena()
  /// Where the input goes, unless a stem takes it.
  private var input: FeatureMap?
  private var stem: Stem?
  private var inputChannels = 1
  private(set) var layers: [any NetworkLayer] = []
  private var readout: FinalPooling?

  private init(threads: Int) throws {
    context = try ComputeContext(executor: try ThreadPool(threadCount: threads), maximumChannels: 256)
  }

  static func dense(channels: Int, layers count: Int, height: Int, width: Int, threads: Int) throws -> LayerNet {
    let net = try LayerNet(threads: threads)
    let map = try FeatureMap(channels: channels + 32 * count, height: height, width: width, gradients: FloatBuffer())
    let shared = DenseBlock.Shared()
    net.layers = try (0..<count).map { index in
      try DenseLayer(
        "denselayer\(index + 1)", inputChannels: channels + 32 * index, map: map, shared: shared, context: net.context,
        in: net.arena)
    }
    (net.input, net.inputChannels) = (map, channels)
    return try net.finished(map)
  }

  static func transition(channels: Int, height: Int, width: Int, threads: Int) throws -> LayerNet {
    let net = try LayerNet(threads: threads)
    let map = try FeatureMap(channels: channels, height: height, width: width, gradients: FloatBuffer())
    let next = try FeatureMap(channels: channels / 2, height: height / 2, width: width / 2, gradients: FloatBuffer())
    net.layers = [try Transition("transition", from: map, to: next, context: net.context, in: net.arena)]
    (net.input, net.inputChannels) = (map, channels)
    return try net.finished(next)
  }

  static func stem(size: Int, threads: Int) throws -> LayerNet {
    let net = try LayerNet(threads: threads)
    let side = ((size - 1) / 2 + 1 - 1) / 2 + 1
    let map = try FeatureMap(channels: 64, height: side, width: side, gradients: FloatBuffer())
    let stem = try Stem(conv: "conv0", norm: "norm0", size: size, to: map, context: net.context, in: net.arena)
    (net.stem, net.layers) = (stem, [stem])
    return try net.finished(map)
  }

  private func finished(_ map: FeatureMap) throws -> LayerNet {
    let pooling = try FinalPooling("readout.norm5", from: map, context: context, in: arena)
    readout = pooling
    layers.append(pooling)
    try arena.seal()
    return self
  }

  /// Floats of one image's input.
  var inputCount: Int { stem.map { $0.size * $0.size } ?? input.map { $0.pixelsPerImage * inputChannels } ?? 0 }

  /// - Parameter values: NCHW.
  func forward(_ values: [Float], _ pass: Pass) throws -> [Float] {
    guard let readout else { return [] }
    if let input {
      try input.reserve(pass.batch)
      // Its gradient is wanted: as if something before it trained.
      for layer in layers { (layer.needsBackward, layer.propagates) = (true, true) }
    } else {
      layers.markBackward()
    }
    for layer in layers { try layer.prepare(pass) }
    if let stem { try stem.load(values, batch: pass.batch) }
    if let input { try fill(input, values, pass) }
    try layers.packWeights(context)
    for layer in layers { try layer.forward(pass) }
    return Array(UnsafeBufferPointer(start: readout.features.pointer, count: pass.batch * readout.channels))
  }

  private func fill(_ map: FeatureMap, _ values: [Float], _ pass: Pass) throws {
    let area = map.pixelsPerImage
    for pixel in 0..<pass.batch * area {
      for channel in 0..<inputChannels {
        map.float(pixel, channel).pointee = values[(pixel / area * inputChannels + channel) * area + pixel % area]
      }
    }
    let sums = context.sums
    sums.clear()
    context.kernels.statistics(pass.batch * area, inputChannels, map.view(pixel: 0), sums.first(0), sums.second(0))
    try map.statistics.setMoments(sums, first: 0, channels: inputChannels, count: pass.batch * area)
  }

  /// The input's gradient, NHWC, as if the input were the output of a layer that nothing else normalises.
  func backward(_ gradient: [Float], _ pass: Pass) throws -> [Float]? {
    guard let readout else { return nil }
    arena.clearGradients()
    readout.featureGradient.pointer.update(from: gradient, count: gradient.count)
    for layer in layers.reversed() { try layer.backward(pass) }
    try layers.gatherGradients(context)
    guard let input else { return nil }
    let pixels = pass.batch * input.pixelsPerImage
    let completion = try input.statistics.inputGradient(first: 0, channels: inputChannels, count: pixels)
    var result = [Float]()
    for pixel in 0..<pixels {
      for channel in 0..<inputChannels {
        result.append(
          completion.a[channel] * input.gradients(pixel: pixel, channel: channel).pointee
            + completion.b[channel] * (input.float(pixel, channel).pointee - completion.mean[channel])
            + completion.c[channel])
      }
    }
    return result
  }

  /// NHWC to NCHW.
  func planar(_ values: [Float], _ batch: Int) -> [Float] {
    let area = values.count / batch / inputChannels
    return (0..<values.count).map { index in
      let (image, channel, pixel) = (index / (inputChannels * area), index / area % inputChannels, index % area)
      return values[(image * area + pixel) * inputChannels + channel]
    }
  }
}

extension FeatureMap {
  /// A value of a map in f32.
  fileprivate func float(_ pixel: Int, _ channel: Int) -> UnsafeMutablePointer<Float> {
    values(pixel: pixel, channel: channel).data.assumingMemoryBound(to: Float.self)
  }
}
