/// Stacked LSTM layers with drop-out between them, as PyTorch's `nn.LSTM`.
public final class LSTM {
  /// Where the gradient of the top layer's outputs is known.
  public enum Gradient {
    case all(SequenceMap)
    /// [batch][hidden], of the last step; the others have none.
    case last(UnsafePointer<Float>)
  }

  private let layers: [LSTMLayer]
  private let dropouts: [Dropout]
  /// What each layer but the last hands on: its output after drop-out, and the gradient of that.
  private let handed: [(values: SequenceMap, gradient: SequenceMap)]
  private let context: ComputeContext
  private let inputGradient: SequenceMap?

  /// - Parameters:
  ///   - hidden: a multiple of 16.
  ///   - layer: of the first drop-out; the next ones count on.
  public init(
    _ name: String, from input: SequenceMap, inputGradient: SequenceMap?, hidden: Int, layers count: Int,
    dropout rate: Float, layer: UInt64, context: ComputeContext, in arena: ParameterArena
  ) {
    (self.context, self.inputGradient) = (context, inputGradient)
    handed = (1..<max(count, 1)).map { _ in (SequenceMap(channels: hidden), SequenceMap(channels: hidden)) }
    dropouts = handed.indices.map { Dropout(rate: rate, layer: layer + UInt64($0)) }
    let inputs = [input] + handed.map(\.values)
    layers = inputs.enumerated().map { index, input in
      LSTMLayer(name, suffix: "l\(index)", from: input, hidden: hidden, context: context, in: arena)
    }
  }

  /// h of the top layer at every step.
  public var output: SequenceMap { layers[layers.count - 1].output }

  /// h of the top layer at the last step, [batch][hidden].
  public var last: UnsafePointer<Float> { UnsafePointer(output.step(output.steps - 1)) }

  public func initialise(_ random: inout RandomStream) { for layer in layers { layer.initialise(&random) } }

  public func parametersChanged() { for layer in layers { layer.parametersChanged() } }

  /// - Parameter seed: of the drop-out; nil drops nothing.
  public func forward(seed: UInt64?) throws {
    for (index, layer) in layers.enumerated() {
      try layer.prepare()
      try layer.forward()
      guard index < handed.count else { break }
      let values = handed[index].values
      try values.reserve(steps: layer.output.steps, batch: layer.output.batch)
      try drop(layer.output, values, dropouts[index], seed)
    }
  }

  /// Adds the gradients of the parameters and sets that of the input.
  /// - Parameter seed: that of the forward pass for training.
  public func backward(_ gradient: Gradient, seed: UInt64?) throws {
    var gradient = gradient
    for (index, layer) in layers.enumerated().reversed() {
      let below = index > 0 ? handed[index - 1].gradient : inputGradient
      try layer.backward(gradient, inputGradient: below)
      guard index > 0, let below else { break }
      try drop(below, below, dropouts[index - 1], seed)
      gradient = .all(below)
    }
  }

  private func drop(_ x: SequenceMap, _ out: SequenceMap, _ dropout: Dropout, _ seed: UInt64?) throws {
    try context.split(x.rows * x.channels, by: 16) { range, _ in
      dropout.apply(
        x.pointer, to: out.pointer, range, batch: x.batch, width: x.channels, seed: seed, context)
    }
  }
}
