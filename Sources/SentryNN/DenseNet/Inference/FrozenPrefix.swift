import CSentryKernels

/// The layers before the first that trains, where batch norms that do not train keep to their running statistics: nothing in
/// them is learned and no gradient reaches them, so they run as in inference, folded and with nothing kept.
public final class FrozenPrefix {
  /// How many layers of the network it stands for.
  public let layerCount: Int
  private let backbone: InferenceBackbone
  private let context: ComputeContext
  /// What the layers behind it read: the beginning of a block's map, or the network's pooled features.
  private let map: FeatureMap?
  private let features: FloatBuffer
  private let outputCount: Int

  /// Nil where there are no such layers, or they end within a block.
  ///
  /// - Parameters:
  ///   - layers: all of a network's, from its ``Stem`` on, marked by `markBackward`.
  ///   - inputCount: values of one image.
  public init?(of layers: [any NetworkLayer], inputCount: Int, context: ComputeContext) {
    let frozen = Array(layers.prefix { !$0.needsBackward })
    switch frozen.last {
    case let last as Transition:
      (map, features) = (last.output, FloatBuffer())
      outputCount = last.output.pixelsPerImage * last.input.channels / 2
    case let last as FinalPooling: (map, features, outputCount) = (nil, last.features, last.channels)
    default: return nil
    }
    (layerCount, self.context) = (frozen.count, context)
    backbone = InferenceBackbone(
      frozen, handingOver: map, inputCount: inputCount, outputCount: outputCount, context: context)
  }

  /// Parameters or running statistics may have changed.
  public func parametersChanged() { backbone.parametersChanged() }

  /// Memory for a pass, before the layers behind are prepared.
  public func prepare(_ pass: Pass) throws {
    try features.reserve(pass.batch * outputCount)
    map?.needsStatistics = false
    try map?.reserve(pass.batch)
  }

  /// - Parameter images: [batch][inputCount]
  public func forward(_ images: UnsafePointer<Float>, _ pass: Pass) throws {
    try backbone.forward(images, batch: pass.batch, into: features.pointer)
    if let map { try fill(map, pass) }
  }

  /// Copies what was handed over to its place, in the precision of maps, and takes the statistics that readers ask for.
  private func fill(_ map: FeatureMap, _ pass: Pass) throws {
    let (area, kernels, sums) = (map.pixelsPerImage, context.kernels, context.sums)
    let channels = outputCount / area
    sums.clear()
    try context.run(pass.batch) { image, workspace in
      try workspace.timed(.transition) {
        let values = try workspace.activations(.activation, outputCount)
        kernels.convert(outputCount, features.pointer + image * outputCount, values.data)
        let thread = workspace.thread
        kernels.copy_statistics(
          area, channels, rows(values, channels), map.view(pixel: image * area),
          map.needsStatistics ? sums.first(thread) : nil, map.needsStatistics ? sums.second(thread) : nil)
      }
    }
    try map.statistics.set(map.needsStatistics ? sums : nil, first: 0, channels: channels, count: pass.batch * area)
  }

  public func estimate(_ pass: Pass, _ memory: inout MemoryEstimate) {
    memory.add(floats: pass.batch * outputCount)
    map?.estimate(pass.batch, gradients: false, &memory)
    backbone.estimate(pass.batch, &memory)
  }

  /// oneDNN's names of the implementations behind all primitives built so far.
  public var implementations: Set<String> { backbone.implementations }
}

/// The end of a part of a network: what a block's map begins with, dense, for whoever goes on from there.
struct MapHandOver: InferenceLayer {
  let map: FeatureMap
  let channels: Int

  func plan(_ plan: InferencePlan) throws {
    let (number, area, kernels) = (try plan.map(map), map.pixelsPerImage, plan.kernels)
    plan.add(pieces: plan.images) { image, memory, workspace in
      workspace.timed(.transition) {
        kernels.copy(
          area, channels, memory.maps[number].pointer + image * area * map.channels, map.channels, 16,
          memory.output + image * area * channels, channels, 16)
      }
    }
  }
}
