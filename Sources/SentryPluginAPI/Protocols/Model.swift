/// A parameter or buffer of a model, or a tensor of a trainer's state.
public struct NamedTensor: Sendable {
  public enum Role: Sendable { case trainable, frozen, buffer }
  public let name: String
  public let role: Role
  public let value: Tensor
  /// Same shape as the value; nil for buffers and frozen parameters.
  public let gradient: Tensor?

  public init(_ name: String, _ value: Tensor, gradient: Tensor? = nil, role: Role = .buffer) {
    (self.name, self.value, self.gradient, self.role) = (name, value, gradient, role)
  }
}

/// A network. The host never makes two calls at once.
public protocol Model: Sendable {
  var specification: ModelSpecification { get }

  /// Parameters and buffers in the order of the state dict. Their memory must not move while the model exists.
  var parameters: [NamedTensor] { get }

  /// Computes the outputs of a batch.
  ///
  /// - Parameters:
  ///   - input: [N, …], where … is the shape of `specification.input`.
  ///   - training: use batch statistics and dropout, and keep what ``backward(_:accumulate:)`` needs.
  ///   - seed: the seed of dropout.
  /// - Returns: one tensor per output of the specification, in that order: logits [N, classes] or embeddings [N, …].
  func forward(_ input: Tensor, training: Bool, seed: UInt64) throws -> [Tensor]

  /// Computes the gradients of the parameters for the last forward pass with `training`.
  ///
  /// - Parameters:
  ///   - gradients: of each output, with its shape; nil means zero.
  ///   - accumulate: add to the gradients of the parameters instead of replacing them.
  func backward(_ gradients: [Tensor?], accumulate: Bool) throws

  /// Called after parameter values were changed from outside: packed copies of them are stale.
  func parametersChanged() throws
}

extension Model {
  public func parametersChanged() throws {}

  /// The buffer with the temperature by which the model divides all logits; nil if it has none. Training does not change it; a
  /// trainer may fit it afterwards.
  public var temperature: NamedTensor? {
    let name = specification.temperature ?? "temperature"
    return parameters.first {
      $0.name == name && $0.role == .buffer && $0.value.count == 1 && $0.value.dtype == .float32
    }
  }
}

/// A model that can sample its predictions: a forward pass as in evaluation, but with dropout on (`SENTRY_FORWARD_SAMPLE`). Its
/// specification states `stochastic` if it has dropout.
public protocol SamplingModel: Model {
  /// As ``Model/forward(_:training:seed:)``; equal seeds give equal results.
  func sample(_ input: Tensor, seed: UInt64) throws -> [Tensor]
}

/// A model that can leave out outputs that nobody asks for (`SENTRY_FORWARD_LOGITS_ONLY`). Its specification states
/// `optionalOutputs`.
public protocol LogitsModel: Model {
  /// As ``Model/forward(_:training:seed:)``, but outputs that are no logits may be nil.
  func forwardLogits(_ input: Tensor, training: Bool, seed: UInt64) throws -> [Tensor?]
}

extension Model {
  /// One tensor for each output, of which only the logits are wanted: others are nil where the model can leave them out.
  public func logits(_ input: Tensor, training: Bool, seed: UInt64) throws -> [Tensor?] {
    guard specification.optionalOutputs == true, let model = self as? any LogitsModel else {
      return try forward(input, training: training, seed: seed)
    }
    return try model.forwardLogits(input, training: training, seed: seed)
  }
}

/// A model that applies the optimiser's step itself, because its parameters are on a device that the trainer cannot access
/// (`sentry.model.update/1`).
public protocol SelfUpdatingModel: Model {
  /// False if this object does not support it, for example an imported model without the extension.
  var updatesItself: Bool { get }
  /// - Parameter settings: JSON as the header describes it.
  /// - Returns: the norm of the gradients before clipping: of this step or of the one before; NaN where it is not known yet.
  func update(_ settings: String) throws -> Double
  /// Copies a parameter, a buffer or optimiser state (`exp_avg/<parameter>`) to the CPU tensor, or from it.
  func transfer(_ name: String, _ tensor: Tensor, write: Bool) throws
}

extension SelfUpdatingModel {
  public var updatesItself: Bool { true }
}

/// A model that describes its evaluation pass as a graph, for export (`sentry.model.graph/1`).
public protocol GraphDescribingModel: Model {
  func graph() throws -> ModelGraph
}

/// A model that estimates the memory of a pass (`sentry.model.memory/draft-2`).
public protocol MemoryEstimatingModel: Model {
  /// Bytes that a pass over `batchSize` samples needs in addition to the parameters and their gradients. The estimate should be
  /// too high rather than too low: if it does not fit into memory, the host splits the batch.
  ///
  /// - Parameter training: a forward and a backward pass; otherwise only a forward pass.
  func estimatedBytes(batchSize: Int, training: Bool) -> Int
  /// Bytes that are free where the model computes, with what it already holds for passes; nil where that is the host's memory.
  var availableBytes: Int? { get }
}

extension MemoryEstimatingModel {
  public var availableBytes: Int? { nil }
}

/// A model that takes its input early and into memory of its own (`sentry.model.input/draft-1`).
public protocol InputStagingModel: Model {
  /// Memory for batches, aligned to 64 bytes; nil: none left. Called from any thread.
  func allocateInput(byteCount: Int) -> UnsafeMutableRawPointer?
  /// Called before the model goes, from any thread. Ends the model's copies from the memory first.
  func releaseInput(_ memory: UnsafeMutableRawPointer)
  /// A hint that one of the next passes has this input, with the same memory and shape, which stays as it is until then; nil: no
  /// open hint holds any more. Must not wait, but for its copies where the input is nil.
  func stage(_ input: Tensor?)
}

/// A model or a trainer that measures the time of its operations (`sentry.profile/draft-1`).
public protocol Profiled {
  /// Wall-clock seconds by class of operation since the last call; parallel work counts once. A trainer leaves out the time that
  /// its model measures. Measuring may begin with the first call, so that runs without `--profile` do not pay for it.
  func takeProfile() -> [String: Double]
}
