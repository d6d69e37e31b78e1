/// A parameter or buffer of a model, or a piece of a trainer's state.
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

/// A network. Calls never overlap.
public protocol Model: Sendable {
  var specification: ModelSpecification { get }

  /// Parameters and buffers in the order of the state dict. Their memory stays where it is while the model lives.
  var parameters: [NamedTensor] { get }

  /// One tensor for each output of the specification, in that order; `input` is [N, …].
  func forward(_ input: Tensor, training: Bool, seed: UInt64) throws -> [Tensor]

  /// Fills (or adds to) the parameters' gradients from those of the last training forward's outputs; nil means zero.
  func backward(_ gradients: [Tensor?], accumulate: Bool) throws

  /// Values were changed from outside: packed copies are stale.
  func parametersChanged() throws
}

extension Model {
  public func parametersChanged() throws {}

  /// The buffer that holds the temperature by which the model divides all logits; nil where it has none. Fixed while
  /// training: a trainer may fit it afterwards.
  public var temperature: NamedTensor? {
    let name = specification.temperature ?? "temperature"
    return parameters.first {
      $0.name == name && $0.role == .buffer && $0.value.count == 1 && $0.value.dtype == .float32
    }
  }
}

/// A model that can sample its predictions: evaluation but for drop-out, which is on (`SENTRY_FORWARD_SAMPLE`). Its
/// specification says `stochastic` where it has any.
public protocol SamplingModel: Model {
  /// As ``Model/forward(_:training:seed:)``; equal seeds draw equal drop-out.
  func sample(_ input: Tensor, seed: UInt64) throws -> [Tensor]
}

/// A model whose parameters lie where a trainer cannot reach them, and that applies the optimiser's step itself
/// (`sentry.model.update/1`).
public protocol SelfUpdatingModel: Model {
  /// False where the type could but this object cannot: an imported model without the extension.
  var updatesItself: Bool { get }
  /// - Parameter settings: JSON as the header describes it.
  /// - Returns: the norm of the gradients before clipping.
  func update(_ settings: String) throws -> Double
  /// Copies a parameter, a buffer or optimiser state to the CPU tensor, or from it.
  func transfer(_ name: String, _ tensor: Tensor, write: Bool) throws
}

extension SelfUpdatingModel {
  public var updatesItself: Bool { true }
}

/// A model that can say what it computes in evaluation (`sentry.model.graph/1`): it can be exported.
public protocol GraphDescribingModel: Model {
  func graph() throws -> ModelGraph
}

/// A model that can tell what memory a pass takes (`sentry.model.memory/1`).
public protocol MemoryEstimatingModel: Model {
  /// Bytes that a pass over `batchSize` samples needs beyond the parameters and their gradients. An estimate, rather too
  /// high than too low: where it does not fit, the host splits the batch.
  ///
  /// - Parameter training: forward and backward; else a forward pass alone.
  func estimatedBytes(batchSize: Int, training: Bool) -> Int
}

/// A model or a trainer that measures where its time goes (`sentry.profile/1`).
public protocol Profiled {
  /// Seconds by class of operation since the last call, what threads do side by side counted once. A trainer leaves out
  /// what its model measures. Measuring may begin with the first call: who does not ask does not pay for it.
  func takeProfile() -> [String: Double]
}
