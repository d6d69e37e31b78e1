import CSentryPlugin
import SentryLearning
import SentryPluginAPI

/// Applies the gradients of the last backward pass.
protocol Updater {
  /// - Parameter averageDecay: of the average that a model keeps which updates itself; nil where none is kept.
  /// - Returns: the global norm of the gradients before clipping; 0 where nothing is clipped.
  func step(learningRate: Double, averageDecay: Double?) throws -> Double
  /// Its state, named `<slot>/<parameter>`.
  var state: [NamedTensor] { get }
  /// The tensors of ``state`` were filled from a checkpoint.
  /// - Parameter steps: what ``stepsBeside`` was.
  func restored(steps: Int?) throws
  /// The number of steps taken, where it is in no tensor of the state and yet counts.
  var stepsBeside: Int? { get }
  /// Whether the model makes the update, and so knows that its parameters change.
  var isTheModels: Bool { get }
}

extension Updater {
  var stepsBeside: Int? { nil }
  var isTheModels: Bool { false }
}

/// Updates parameters that this process can reach.
final class LocalUpdater: Updater {
  private let optimizer: Optimizer
  private let names: [(name: String, shape: [Int])]
  /// PyTorch keeps the number of steps as a float with every parameter; here all share one. nil where the rule counts none.
  private let steps: Tensor?

  init(_ parameters: [NamedTensor], _ rule: any UpdateRule, clipNorm: Double, host: Host) throws {
    let tensors = try parameters.map { parameter in
      guard let gradient = parameter.gradient, gradient.shape == parameter.value.shape,
        let value = try parameter.value.elements(as: Float.self).baseAddress,
        let slope = try gradient.elements(as: Float.self).baseAddress
      else { throw PluginError("the parameter \(parameter.name) is trained but has no gradient of its shape") }
      return Optimizer.Tensor(value: value, gradient: slope, count: parameter.value.count)
    }
    optimizer = try Optimizer(rule, of: tensors, maximumNorm: clipNorm > 0 ? clipNorm : nil, executor: host)
    names = parameters.map { ($0.name, $0.value.shape) }
    steps = rule.countsSteps ? Tensor([]) : nil
  }

  func step(learningRate: Double, averageDecay _: Double?) throws -> Double {
    let norm = optimizer.step(learningRate: learningRate)
    try steps?.elements(as: Float.self)[0] = Float(optimizer.steps)
    return norm
  }

  var state: [NamedTensor] {
    names.enumerated().flatMap { index, parameter in
      (steps.map { [NamedTensor("step/\(parameter.name)", $0)] } ?? [])
        + optimizer.rule.slots.enumerated().map { number, slot in
          NamedTensor(
            "\(slot)/\(parameter.name)",
            Tensor(parameter.shape, over: optimizer.state(number, of: index), owner: self))
        }
    }
  }

  func restored(steps _: Int?) throws {
    guard let steps else { return }
    optimizer.steps = Int(try steps.elements(as: Float.self)[0])
  }
}

extension LocalUpdater: @unchecked Sendable {}

/// Asks the model to update its parameters where they are: on a device that only the model reaches. The model keeps the
/// optimiser's state, and gives it to the host by the names of ``state``.
final class RemoteUpdater: Updater {
  private let model: any SelfUpdatingModel
  private let rule: any UpdateRule
  private let clipNorm: Double
  private var count = 0
  /// PyTorch's `step` of every parameter; here all share one. nil where the rule counts none.
  private let steps: Tensor?
  let state: [NamedTensor]

  /// - Parameter device: of which the parameters are, at least some.
  init(
    _ model: any SelfUpdatingModel, _ parameters: [NamedTensor], _ rule: any UpdateRule, clipNorm: Double,
    like device: Tensor
  ) {
    (self.model, self.rule, self.clipNorm) = (model, rule, clipNorm)
    let steps = rule.countsSteps ? Tensor([]) : nil
    self.steps = steps
    state = parameters.flatMap { parameter in
      // Also the state of a parameter that is on the CPU is the model's, and is reached by name alone.
      let shadow = Tensor(
        parameter.value.shape, parameter.value.dtype, over: device.data, owner: device, deviceType: device.deviceType,
        deviceID: device.deviceID)
      return (steps.map { [NamedTensor("step/\(parameter.name)", $0)] } ?? [])
        + rule.slots.map { NamedTensor("\($0)/\(parameter.name)", shadow) }
    }
  }

  func step(learningRate: Double, averageDecay: Double?) throws -> Double {
    var settings = rule.settings.mapValues(JSONValue.init)
    settings["optimizer"] = .string(type(of: rule).name)
    settings["lr"] = .number(learningRate)
    settings["max_norm"] = .number(clipNorm)
    settings["step"] = .integer(count + 1)
    if let averageDecay { settings["average_decay"] = .number(averageDecay) }
    let norm = try model.update(JSON.text(JSONValue.object(settings)))
    // Only now: an update that failed was none.
    count += 1
    try steps?.elements(as: Float.self)[0] = Float(count)
    return norm
  }

  var stepsBeside: Int? { steps == nil ? count : nil }
  var isTheModels: Bool { true }

  func restored(steps beside: Int?) throws {
    count = try steps.map { Int(try $0.elements(as: Float.self)[0]) } ?? beside ?? 0
  }
}

extension JSONValue {
  init(_ setting: OptimizerSetting) {
    self =
      switch setting {
      case .none: .null
      case .flag(let value): .bool(value)
      case .number(let value): .number(value)
      case .numbers(let values): .array(values.map(JSONValue.number))
      }
  }
}
