import SentryNN
public import SentryPluginAPI

/// A network as the border sees it: the one adapter under every model over SentryNN. What a network can do beyond passes, its
/// model offers: graph, memory estimate, profile.
public final class NetworkModel<Net: Network>: SamplingModel, @unchecked Sendable {
  // Unchecked: the border lets nobody call a model twice at once.
  public let net: Net
  public let specification: ModelSpecification
  public let parameters: [NamedTensor]
  private let host: Host
  private let syncsBatchNorm: Bool
  /// What the training passes know of other processes.
  private var ranks: Ranks?

  /// - Parameters:
  ///   - net: makes the network; what is wrong with its options comes as an error that the user can mend.
  ///   - specification: its outputs are the network's results, in order.
  ///   - syncsBatchNorm: where several processes train together, batch norms take the statistics of the whole batch.
  public init(
    _ net: () throws -> Net, specification: ModelSpecification, host: Host, syncsBatchNorm: Bool = true
  ) throws {
    do {
      self.net = try net()
    } catch let error as NNError {
      throw PluginError.invalid(error.message, hint: error.hint)
    }
    self.specification = specification
    (self.host, self.syncsBatchNorm) = (host, syncsBatchNorm)
    parameters = self.net.arena.namedTensors
    let count = { (tensors: [NamedTensor]) in tensors.reduce(0) { $0 + $1.value.count } }
    host.log(
      .debug,
      "\(count(parameters.filter { $0.role == .trainable })) of \(count(parameters.filter { $0.role != .buffer })) parameters train"
    )
  }

  public func forward(_ input: Tensor, training: Bool, seed: UInt64) throws -> [Tensor] {
    try outputs(of: input, training: training, seed: training ? seed : nil)
  }

  public func sample(_ input: Tensor, seed: UInt64) throws -> [Tensor] {
    try outputs(of: input, training: false, seed: seed)
  }

  private func outputs(of input: Tensor, training: Bool, seed: UInt64?) throws -> [Tensor] {
    let (extents, expected) = (input.shape, net.inputShape)
    guard extents.count == expected.count + 1, extents.allSatisfy({ $0 > 0 }),
      zip(extents.dropFirst(), expected).allSatisfy({ $0 == $1 || $1 == -1 })
    else {
      let shape = expected.map { $0 == -1 ? "?" : String($0) }.joined(separator: ", ")
      throw PluginError.invalid("expected a batch of [\(shape)], got \(extents)")
    }
    net.context.ranks = training ? ranks : nil
    let results = try net.forward(try input.floats(), extents: extents, training: training, seed: seed)
    return zip(specification.outputs, results).map { output, values in
      Tensor([extents[0]] + (output.shape ?? [output.classes?.count ?? 0]), copying: values)
    }
  }

  public func backward(_ gradients: [Tensor?], accumulate: Bool) throws {
    try net.backward(try pointers(gradients), accumulate: accumulate)
  }

  private func pointers(_ gradients: [Tensor?]) throws -> [UnsafePointer<Float>?] {
    guard gradients.count == specification.outputs.count else {
      throw PluginError.invalid("\(gradients.count) gradients for \(specification.outputs.count) outputs")
    }
    return try gradients.map { try $0?.floats() }
  }

  public func parametersChanged() throws { net.parametersChanged() }
}

extension NetworkModel: SharingModel {
  public func useShare(_ share: BatchShare) throws {
    let host = host
    let sum: @Sendable (UnsafeMutableBufferPointer<Double>) throws -> Void = { values in
      guard let base = values.baseAddress else { return }
      try host.sum(Tensor([values.count], .float64, over: UnsafeMutableRawPointer(base)))
    }
    ranks = Ranks(share: RowShare(first: share.first, whole: share.whole), sum: syncsBatchNorm ? sum : nil)
  }
}

extension NetworkModel: StagedModel where Net: StagedNetwork {
  public func backward(_ gradients: [Tensor?], accumulate: Bool, ready: (Int) throws -> Void) throws {
    let places = Dictionary(parameters.enumerated().map { ($1.name, $0) }, uniquingKeysWith: { first, _ in first })
    try withoutActuallyEscaping(ready) { ready in
      try net.backward(try pointers(gradients), accumulate: accumulate) { parameter in
        if let place = places[parameter.name] { try ready(place) }
      }
    }
  }
}

extension NetworkModel: GraphDescribingModel where Net: GraphDescribingNetwork {
  public func graph() throws -> ModelGraph { try net.graph(specification) }
}

extension NetworkModel: MemoryEstimatingModel where Net: MemoryEstimatingNetwork {
  public func estimatedBytes(batchSize: Int, training: Bool) -> Int {
    // The border gives any number; beyond this no machine has the memory.
    net.estimatedBytes(batch: min(max(batchSize, 0), 1 << 20), training: training)
  }
}

extension NetworkModel: Profiled where Net: ProfiledNetwork {
  public func takeProfile() -> [String: Double] {
    let threads = Double(net.context.executor.threadCount)
    return Dictionary(
      net.context.takeProfile().map {
        (Net.operationTitles["\($0.operation)"] ?? "\($0.operation)", $0.seconds / threads)
      }, uniquingKeysWith: +)
  }
}

extension ModelSpecification {
  /// A model with the logits of each task, one head each, and the embedding under them.
  public init(
    architecture: String, input: TensorSpecification, heads tasks: [ClassificationTask], embedding: Int,
    stochastic: Bool
  ) {
    self.init(
      architecture: architecture, input: input,
      outputs: tasks.map { .logits($0.name, classes: $0.classes) } + [.embedding("embedding", shape: [embedding])],
      stochastic: stochastic)
  }

  /// The names of the logits, in order.
  public var taskNames: [String] { outputs.filter { $0.kind == .logits }.map(\.name) }
}
