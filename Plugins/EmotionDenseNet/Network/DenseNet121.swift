import SentryNN

/// DenseNet-121 (Huang et al. 2017) for one-channel images: 1024 features, 6,947,584 parameters.
final class DenseNet121 {
  static let layersPerBlock = [6, 12, 24, 16]
  /// Smaller images leave nothing after the last pooling.
  static let minimumSize = 32
  static let parameterCount = 6_947_584
  let stem: Stem
  let pooling: FinalPooling
  /// All layers in the order of the forward pass.
  let layers: [any NetworkLayer]

  init(_ name: String, imageSize: Int, context: ComputeContext, in arena: ParameterArena) throws {
    // Blocks 1 and 3 are never backward at the same time as each other, nor 2 and 4: two gradient buffers are enough.
    let gradients = [FloatBuffer(), FloatBuffer()]
    let shared = DenseBlock.Shared(context.precision)
    var (channels, side) = (64, Self.sideAfterStem(imageSize))
    var map = try FeatureMap(
      channels: channels + 32 * Self.layersPerBlock[0], height: side, width: side, gradients: gradients[0],
      precision: context.precision)
    stem = try Stem(
      conv: "\(name).features.conv0", norm: "\(name).features.norm0", size: imageSize, to: map, context: context,
      in: arena)
    var layers: [any NetworkLayer] = [stem]
    for (index, count) in Self.layersPerBlock.enumerated() {
      let block = try DenseBlock(
        "\(name).features.denseblock\(index + 1)", layers: count, inputChannels: channels, map: map, shared: shared,
        context: context, in: arena)
      layers += block.layers
      guard index + 1 < Self.layersPerBlock.count else { break }
      (channels, side) = (map.channels / 2, side / 2)
      let next = try FeatureMap(
        channels: channels + 32 * Self.layersPerBlock[index + 1], height: side, width: side,
        gradients: gradients[(index + 1) % 2], precision: context.precision)
      layers.append(
        try Transition("\(name).features.transition\(index + 1)", from: map, to: next, context: context, in: arena))
      map = next
    }
    pooling = try FinalPooling("\(name).features.norm5", from: map, context: context, in: arena)
    self.layers = layers + [pooling]
  }

  /// Convolution 7×7/2 with padding 3, then pooling 3×3/2 with padding 1; both floor.
  private static func sideAfterStem(_ size: Int) -> Int { ((size - 1) / 2 + 1 - 1) / 2 + 1 }
}
