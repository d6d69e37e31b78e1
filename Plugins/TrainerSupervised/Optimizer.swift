import CSentryPlugin
import SentryNN
import SentryPluginAPI

/// Applies the gradients of the last backward pass.
protocol Optimizer {
  /// - Returns: the global norm of the gradients before clipping; 0 where nothing is clipped.
  func step(learningRate: Double) throws -> Double
  /// Its state, named `<slot>/<parameter>`.
  var state: [NamedTensor] { get }
  /// The tensors of ``state`` were filled from a checkpoint.
  func restored() throws
}

/// AdamW over parameters that this process can reach.
final class LocalAdamW: Optimizer {
  private let adamw: AdamW
  private let names: [(name: String, shape: [Int])]
  /// PyTorch keeps the number of steps as a float with every parameter; here all share one.
  private let steps = Tensor([])

  init(_ parameters: [NamedTensor], options: SupervisedOptions, host: Host) throws {
    var settings = AdamW.Options()
    (settings.beta1, settings.beta2) = (options.beta1, options.beta2)
    (settings.epsilon, settings.weightDecay) = (options.epsilon, options.weightDecay)
    settings.maximumNorm = options.clipNorm > 0 ? options.clipNorm : nil
    let tensors = try parameters.map { parameter in
      guard let gradient = parameter.gradient, gradient.shape == parameter.value.shape,
        let value = try parameter.value.elements(as: Float.self).baseAddress,
        let slope = try gradient.elements(as: Float.self).baseAddress
      else { throw PluginError("the parameter \(parameter.name) trains but has no gradient of its shape") }
      return AdamW.Tensor(value: value, gradient: slope, count: parameter.value.count)
    }
    adamw = try AdamW(tensors, options: settings, executor: host)
    names = parameters.map { ($0.name, $0.value.shape) }
  }

  func step(learningRate: Double) throws -> Double {
    let norm = adamw.step(learningRate: learningRate)
    try steps.elements(as: Float.self)[0] = Float(adamw.steps)
    return norm
  }

  var state: [NamedTensor] {
    names.enumerated().flatMap { index, parameter in
      [
        NamedTensor("step/\(parameter.name)", steps),
        NamedTensor("exp_avg/\(parameter.name)", Tensor(parameter.shape, over: adamw.mean(of: index), owner: self)),
        NamedTensor(
          "exp_avg_sq/\(parameter.name)", Tensor(parameter.shape, over: adamw.square(of: index), owner: self)),
      ]
    }
  }

  func restored() throws { adamw.steps = Int(try steps.elements(as: Float.self)[0]) }
}

extension LocalAdamW: @unchecked Sendable {}

/// AdamW where the parameters are: on a device that only the model reaches.
final class RemoteAdamW: Optimizer {
  private let model: any SelfUpdatingModel
  private let options: SupervisedOptions
  private var steps = 0

  init(_ model: any SelfUpdatingModel, options: SupervisedOptions) { (self.model, self.options) = (model, options) }

  func step(learningRate: Double) throws -> Double {
    steps += 1
    let settings: JSONValue = [
      "optimizer": "adamw", "lr": .number(learningRate), "betas": [.number(options.beta1), .number(options.beta2)],
      "eps": .number(options.epsilon), "weight_decay": .number(options.weightDecay),
      "max_norm": .number(options.clipNorm), "step": .integer(steps),
    ]
    return try model.update(JSON.text(settings))
  }

  let state: [NamedTensor] = []

  func restored() throws {
    throw PluginError(
      "a run whose parameters live on another device cannot be resumed: its optimiser's state stayed there",
      hint: "start it again", code: SENTRY_UNSUPPORTED)
  }
}
