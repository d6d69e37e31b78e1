/// What is particular to an optimiser: its name, its settings, what it keeps for each parameter, and the numbers of its step.
/// ``Optimizer`` does the rest, so that a new optimiser is one file with a type of this kind, its arithmetic in
/// SentryKernels/Update.swift, and one case where options are read.
public protocol UpdateRule: Sendable {
  /// As options, the border's `sentry.model.update` and the kernel of its step name it.
  static var name: String { get }
  /// PyTorch's names of the tensors that are kept for each parameter, zero before the first step, each of the parameter's shape.
  var slots: [String] { get }
  /// Whether PyTorch also keeps the number of steps (`step`) with each parameter.
  var countsSteps: Bool { get }
  /// The settings but for the learning rate, as PyTorch's `param_groups` name them.
  var settings: [String: OptimizerSetting] { get }
  /// The further members of PyTorch's group, which choose among its implementations and change no number.
  var torchFlags: [String: OptimizerSetting] { get }

  /// The numbers of one step, in the order in which its kernel reads them.
  func coefficients(_ step: UpdateStep) -> [Float]
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
