public import SentryNN
public import SentryPluginAPI

/// A network over SentryNN, as ``NetworkModel`` shows it to the border. One caller at a time.
public protocol Network: AnyObject {
  /// Its parameters and buffers, sealed.
  var arena: ParameterArena { get }
  var context: ComputeContext { get }
  /// The extents of one item; -1 varies.
  var inputShape: [Int] { get }

  /// - Parameters:
  ///   - input: [batch][…], row-major; copied.
  ///   - extents: of the input, the batch first.
  ///   - training: batch statistics, and a backward pass to come.
  ///   - seed: of the drop-out; nil drops nothing. Without `training`, a sample of the predictions (Gal and Ghahramani 2016).
  /// - Returns: the results in the order of the model's outputs, valid until the next pass.
  func forward(_ input: UnsafePointer<Float>, extents: [Int], training: Bool, seed: UInt64?) throws
    -> [UnsafePointer<Float>]

  /// The gradients of all parameters that train, of the last training forward pass.
  ///
  /// - Parameters:
  ///   - gradients: of each output; nil: zero.
  ///   - accumulate: adds to the gradients that are there; else they are replaced.
  func backward(_ gradients: [UnsafePointer<Float>?], accumulate: Bool) throws

  /// The values of parameters were changed from outside: packed copies are stale.
  func parametersChanged()
}

extension Network {
  public func parametersChanged() {}
}

/// A network whose backward pass tells how far it is; see ``StagedModel``.
public protocol StagedNetwork: Network {
  /// - Parameter ready: told that the gradients of this parameter and of all behind it in the arena's order are final.
  func backward(_ gradients: [UnsafePointer<Float>?], accumulate: Bool, ready: ((Parameter) throws -> Void)?) throws
}

extension StagedNetwork {
  public func backward(_ gradients: [UnsafePointer<Float>?], accumulate: Bool) throws {
    try backward(gradients, accumulate: accumulate, ready: nil)
  }
}

/// A network that can say what it computes in evaluation, for export.
public protocol GraphDescribingNetwork: Network {
  /// - Parameter specification: whose outputs the graph's results are named after.
  func graph(_ specification: ModelSpecification) throws -> ModelGraph
}

/// A network that can tell what memory a pass takes; see ``MemoryEstimatingModel``.
public protocol MemoryEstimatingNetwork: Network {
  func estimatedBytes(batch: Int, training: Bool) -> Int
}

/// A network whose context measures where the time goes; see ``Profiled``.
public protocol ProfiledNetwork: Network {
  /// What people call the operations of the context; others keep their names.
  static var operationTitles: [String: String] { get }
}
