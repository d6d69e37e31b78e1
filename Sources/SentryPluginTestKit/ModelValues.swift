import CSentryPlugin
import SentryPluginAPI

extension Tensor {
  /// Whether this process can read it.
  var isHere: Bool { deviceType == SENTRY_DEVICE_CPU }
}

/// A parameter's or buffer's bytes.
struct StoredValue {
  let name: String
  let value: [UInt8]
}

extension Model {
  /// The bytes of all parameters and buffers, wherever they are.
  func values() throws -> [StoredValue] {
    try parameters.map { StoredValue(name: $0.name, value: try read($0).bytes) }
  }

  func setValues(_ stored: [StoredValue]) throws {
    for (parameter, stored) in zip(parameters, stored) {
      try require(
        parameter.name == stored.name,
        "the order of the parameters changes from model to model: '\(parameter.name)', '\(stored.name)'")
      let tensor = Tensor(parameter.value.shape, parameter.value.dtype)
      try require(tensor.byteCount == stored.value.count, "'\(parameter.name)' changes its size from model to model")
      stored.value.withUnsafeBytes { bytes in
        if let base = bytes.baseAddress { tensor.data.copyMemory(from: base, byteCount: bytes.count) }
      }
      try write(tensor, to: parameter)
    }
  }

  /// A copy on the CPU.
  func read(_ parameter: NamedTensor) throws -> Tensor {
    let copy = Tensor(parameter.value.shape, parameter.value.dtype)
    if parameter.value.isHere {
      try copy.copy(from: parameter.value)
    } else {
      try device().transfer(parameter.name, copy, write: false)
    }
    return copy
  }

  func write(_ tensor: Tensor, to parameter: NamedTensor) throws {
    if parameter.value.isHere {
      try parameter.value.copy(from: tensor)
    } else {
      try device().transfer(parameter.name, tensor, write: true)
    }
  }

  private func device() throws -> any SelfUpdatingModel {
    guard let model = self as? any SelfUpdatingModel, model.updatesItself else {
      throw Violation("parameters are on another device, but the model does not offer \(SENTRY_EXTENSION_MODEL_UPDATE)")
    }
    return model
  }
}
