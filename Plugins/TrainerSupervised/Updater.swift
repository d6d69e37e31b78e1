import CSentryPlugin
import SentryNN
import SentryPluginAPI

/// Applies the gradients of the last backward pass.
protocol Updater {
  /// - Returns: the global norm of the gradients before clipping; 0 where nothing is clipped.
  func step(learningRate: Double) throws -> Double
  /// Its state, named `<slot>/<parameter>`.
  var state: [NamedTensor] { get }
  /// The tensors of ``state`` were filled from a checkpoint.
  func restored() throws
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

  func step(learningRate: Double) throws -> Double {
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

  func restored() throws {
    guard let steps else { return }
    optimizer.steps = Int(try steps.elements(as: Float.self)[0])
  }
}

extension LocalUpdater: @unchecked Sendable {}

/// Asks the model to update its parameters where they are: on a device that only the model reaches.
final class RemoteUpdater: Updater {
  private let model: any SelfUpdatingModel
  private let rule: any UpdateRule
  private let clipNorm: Double
  private var steps = 0

  init(_ model: any SelfUpdatingModel, _ rule: any UpdateRule, clipNorm: Double) {
    (self.model, self.rule, self.clipNorm) = (model, rule, clipNorm)
  }

  func step(learningRate: Double) throws -> Double {
    steps += 1
    var settings = rule.settings.mapValues(JSONValue.init)
    settings["optimizer"] = .string(type(of: rule).name)
    settings["lr"] = .number(learningRate)
    settings["max_norm"] = .number(clipNorm)
    settings["step"] = .integer(steps)
    return try model.update(JSON.text(JSONValue.object(settings)))
  }

  let state: [NamedTensor] = []

  func restored() throws {
    throw PluginError(
      "a run whose parameters are on another device cannot be resumed, because the optimiser's state is lost",
      hint: "start it again", code: SENTRY_UNSUPPORTED)
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
