/// What can go wrong while a network is built or computed.
public struct NNError: Error, CustomStringConvertible, Sendable {
  public enum Code: String, Sendable {
    /// The CPU lacks what the kernels need, or `SENTRY_CPU` asks for what it lacks.
    case unsupportedCPU = "unsupported-cpu"
    /// A call of oneDNN failed.
    case primitive
    /// oneDNN has no implementation for a shape.
    case unimplemented
    case outOfMemory = "out-of-memory"
    /// A batch, size or label that the network cannot take.
    case invalidInput = "invalid-input"
    /// Calls in an order that has no meaning, as a backward pass without a forward pass.
    case invalidState = "invalid-state"
  }

  public let code: Code
  public let message: String
  /// What to do about it.
  public let hint: String

  public init(_ code: Code, _ message: String, hint: String) {
    (self.code, self.message, self.hint) = (code, message, hint)
  }

  public var description: String { "\(message) [\(code.rawValue)]; \(hint)" }
}
