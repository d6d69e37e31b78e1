import CSentryKernels

/// What is particular to an optimiser: its name, its settings, what it keeps for each parameter, and its step.
/// ``Optimizer`` does the rest, so that a new optimiser is one file with a type of this kind and one case where options are read.
public protocol UpdateRule: Sendable {
  /// As options and the border's `sentry.model.update` name it.
  static var name: String { get }
  /// PyTorch's names of the tensors that are kept for each parameter, zero before the first step, each of the parameter's shape.
  var slots: [String] { get }
  /// Whether PyTorch also keeps the number of steps (`step`) with each parameter.
  var countsSteps: Bool { get }
  /// The settings but for the learning rate, as PyTorch's `param_groups` name them.
  var settings: [String: OptimizerSetting] { get }
  /// The further members of PyTorch's group, which choose among its implementations and change no number.
  var torchFlags: [String: OptimizerSetting] { get }

  /// What one step does to a piece of a parameter.
  func update(_ step: UpdateStep, with kernels: sentry_kernels) -> (UpdatePiece) -> Void
}

extension UpdateRule {
  public var countsSteps: Bool { false }

}

/// A member of PyTorch's `param_groups`.
public enum OptimizerSetting: Sendable, Equatable {
  case none
  case flag(Bool)
  case number(Double)
  case numbers([Double])
}

/// A step of the whole run.
public struct UpdateStep: Sendable {
  /// From 1.
  public var number: Int
  public var learningRate: Double
  /// What every gradient is multiplied by, so that their norm stays within the limit.
  public var clip: Float
}

/// A part of one parameter that one thread updates.
public struct UpdatePiece {
  public let count: Int
  public let gradient: UnsafePointer<Float>
  public let value: UnsafeMutablePointer<Float>
  /// In the order of ``UpdateRule/slots``.
  public let slots: [UnsafeMutablePointer<Float>]
}
