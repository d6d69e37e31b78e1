/// What a network asks of each of its layers, in order.
public protocol NetworkLayer: AnyObject {
  /// Whether any of its parameters trains.
  var isTrainable: Bool { get }
  /// Set before a pass: whether the layer has a backward pass, and whether a layer before it has one too.
  var needsBackward: Bool { get set }
  var propagates: Bool { get set }
  /// Its convolutions, for packing weights and gathering gradients.
  var convolutions: [Convolution] { get }
  /// The one of its parameters that the arena has first.
  var firstParameter: Parameter { get }
  func initialise(_ random: inout RandomStream)
  /// Memory and primitives for a pass.
  func prepare(_ pass: Pass) throws
  /// Adds the memory of a pass, without taking it.
  func estimate(_ pass: Pass, _ memory: inout MemoryEstimate)
  func forward(_ pass: Pass) throws
  func backward(_ pass: Pass) throws
}

extension DenseLayer: NetworkLayer {
  public var firstParameter: Parameter { norm1.weight }
}
extension Transition: NetworkLayer {
  public var firstParameter: Parameter { norm.weight }
}
extension Stem: NetworkLayer {
  public var firstParameter: Parameter { conv.weight }
}
extension FinalPooling: NetworkLayer {
  public var firstParameter: Parameter { norm.weight }
}

extension Array where Element == any NetworkLayer {
  /// Backward passes end at the first layer that trains.
  public func markBackward() {
    var before = false
    for layer in self {
      layer.propagates = before
      before = before || layer.isTrainable
      layer.needsBackward = before
    }
  }
}

extension Array where Element == any NetworkLayer {
  /// The memory that a pass through these layers takes, the first of them as `prefix`.
  public func estimate(_ pass: Pass, behind prefix: FrozenPrefix?, _ context: ComputeContext) -> MemoryEstimate {
    var memory = MemoryEstimate(context)
    prefix?.estimate(pass, &memory)
    for layer in dropFirst(prefix?.layerCount ?? 0) { layer.estimate(pass, &memory) }
    return memory
  }

  /// The values of weights were changed: packed copies are stale.
  public func weightsChanged() {
    for convolution in flatMap(\.convolutions) {
      convolution.weightsChanged()
    }
  }

  /// Packs the weights of all convolutions that need it.
  public func packWeights(_ context: ComputeContext) throws {
    let convolutions = dealt(to: context.threadCount)
    try context.run(convolutions.count) { index, workspace in
      try workspace.timed(.weightPacking) { try convolutions[index].pack(workspace) }
    }
  }

  /// The layers' backward passes, the last one's first.
  ///
  /// - Parameter ready: told that the gradients of this parameter and of all behind it are final. nil: those of convolutions are gathered
  ///   in one go in the end.
  public func backward(_ pass: Pass, _ context: ComputeContext, ready: ((Parameter) throws -> Void)?) throws {
    var (pending, weights) = ([any NetworkLayer](), 0)
    for layer in reversed() where layer.needsBackward {
      try layer.backward(pass)
      pending.append(layer)
      weights += layer.convolutions.reduce(0) { $0 + $1.weight.count }
      guard let ready, weights >= Self.stageWeights else { continue }
      try pending.gatherGradients(context)
      try ready(layer.firstParameter)
      (pending, weights) = ([], 0)
    }
    try pending.gatherGradients(context)
  }

  /// Weights whose gradients are gathered together while the pass goes on: about a quarter of a megabyte for each thread to
  /// add up.
  private static var stageWeights: Int { 1 << 18 }

  /// Adds the threads' weight gradients to those of the parameters.
  public func gatherGradients(_ context: ComputeContext) throws {
    let convolutions = dealt(to: context.threadCount)
    try context.run(convolutions.count) { index, workspace in
      try workspace.timed(.weightPacking) { try convolutions[index].gatherGradient(workspace) }
    }
  }

  /// Dealt like cards, as threads take contiguous parts and the large weights lie together at the end.
  private func dealt(to threads: Int) -> [Convolution] {
    let all = flatMap(\.convolutions)
    return (0..<threads).flatMap { thread in stride(from: thread, to: all.count, by: threads).map { all[$0] } }
  }
}
