import SentryNN

/// Three residual blocks whose dilation doubles: 64, 128 and 256 channels over 1, 2 and 4 steps.
final class TCN {
  static let channels = [64, 128, 256]
  static let dropout: Float = 0.2
  let blocks: [TCNBlock]

  /// - Parameter input: with a margin of one step.
  init(_ name: String, from input: SequenceMap, dropoutScale: Float, context: ComputeContext, in arena: ParameterArena)
    throws
  {
    var blocks: [TCNBlock] = []
    for (index, channels) in Self.channels.enumerated() {
      let before = blocks.last
      blocks.append(
        try TCNBlock(
          "\(name).network.\(index)", from: before?.output ?? input, inputGradient: before?.outputGradient,
          outputs: channels, dilation: 1 << index, reach: index + 1 < Self.channels.count ? 2 << index : 0,
          dropout: Self.dropout * dropoutScale, layer: UInt64(1 + index), context: context, in: arena))
    }
    self.blocks = blocks
  }

  var output: SequenceMap { blocks[blocks.count - 1].output }
  var outputGradient: SequenceMap { blocks[blocks.count - 1].outputGradient }

  func forward(_ pass: Pass, seed: UInt64?) throws {
    for block in blocks {
      try block.prepare()
      try block.forward(pass, seed: seed)
    }
  }

  func backward(seed: UInt64?) throws { for block in blocks.reversed() { try block.backward(seed: seed) } }
}
