/// A dense block (Huang et al. 2017): layers that each read all channels before them and append 32.
public final class DenseBlock {
  /// Memory that the blocks of a network take turns in.
  public final class Shared {
    let bottleneck: ActivationBuffer
    let bottleneckGradient = FloatBuffer()

    public init(_ precision: Precision = .f32) { bottleneck = ActivationBuffer(precision) }
  }

  public let layers: [DenseLayer]
  public let map: FeatureMap

  /// - Parameter name: the prefix of its layers' names: `…denseblock1` has `…denseblock1.denselayer1.norm1.weight`.
  public init(
    _ name: String, layers count: Int, inputChannels: Int, map: FeatureMap, shared: Shared, context: ComputeContext,
    in arena: ParameterArena
  ) throws {
    self.map = map
    layers = try (0..<count).map { index in
      try DenseLayer(
        "\(name).denselayer\(index + 1)", inputChannels: inputChannels + index * DenseLayer.growth, map: map,
        shared: shared, context: context, in: arena)
    }
  }
}
