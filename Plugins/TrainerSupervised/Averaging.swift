import CSentryPlugin
import SentryLearning
import SentryPluginAPI

/// The average of a model's weights.
protocol Averaging {
  /// Named `average/<name>`.
  var state: [NamedTensor] { get }
  /// How many updates it holds; a restored run sets it.
  var updates: Int { get nonmutating set }
  /// The weights were updated.
  func update()
  /// The weights become the average, and the average the weights.
  func exchange() throws
}

/// Of weights that this process can reach, with those buffers that are numbers: the statistics of batch norms belong to weights.
final class LocalAverage: Averaging {
  private let average: WeightAverage
  private let tensors: [NamedTensor]

  init(_ parameters: [NamedTensor], _ decay: WeightAverage.Decay, host: Host) throws {
    tensors = parameters.filter { $0.value.dtype == .float32 && ($0.role == .trainable || $0.role == .buffer) }
    average = try WeightAverage(
      decay,
      of: try tensors.compactMap { tensor in
        try tensor.value.elements(as: Float.self).baseAddress.map { .init(value: $0, count: tensor.value.count) }
      }, executor: host)
  }

  var state: [NamedTensor] {
    tensors.enumerated().map { index, tensor in
      NamedTensor(
        "average/\(tensor.name)", Tensor(tensor.value.shape, over: average.average(of: index), owner: self))
    }
  }
  var updates: Int {
    get { average.updates }
    set { average.updates = newValue }
  }
  func update() { average.update() }
  func exchange() { average.exchange() }
}

// The tensors of its state hold it; the host makes no two calls at once.
extension LocalAverage: @unchecked Sendable {}

/// Of weights on a device: the model keeps it with its updates. Buffers stay those of the trained weights.
final class RemoteAverage: Averaging {
  private let model: any SelfUpdatingModel
  private let tensors: [NamedTensor]
  let state: [NamedTensor]
  var updates = 0

  init(_ model: any SelfUpdatingModel, _ trained: [NamedTensor], like device: Tensor) {
    (self.model, tensors) = (model, trained)
    state = trained.map { parameter in
      NamedTensor(
        "average/\(parameter.name)",
        Tensor(
          parameter.value.shape, parameter.value.dtype, over: device.data, owner: device,
          deviceType: device.deviceType, deviceID: device.deviceID))
    }
  }

  func update() { updates += 1 }

  func exchange() throws {
    guard updates > 0 else { return }
    for (parameter, average) in zip(tensors, state) {
      let shape = parameter.value.shape
      let (value, mean) = (Tensor(shape, parameter.value.dtype), Tensor(shape, parameter.value.dtype))
      try model.transfer(parameter.name, value, write: false)
      try model.transfer(average.name, mean, write: false)
      try model.transfer(parameter.name, mean, write: true)
      try model.transfer(average.name, value, write: true)
    }
  }
}
