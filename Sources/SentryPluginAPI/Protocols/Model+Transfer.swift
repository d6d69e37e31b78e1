import CSentryPlugin

/// Values of tensors that may be on a device which only the model reaches.
extension Model {
  /// The values of a parameter, a buffer or a state: the tensor itself where this process can read it, else a copy that the model
  /// makes.
  public func read(_ tensor: NamedTensor) throws -> Tensor {
    guard tensor.value.deviceType != SENTRY_DEVICE_CPU else { return tensor.value }
    let copy = Tensor(tensor.value.shape, tensor.value.dtype)
    try reaching(tensor).transfer(tensor.name, copy, write: false)
    return copy
  }

  /// Sets the values of a parameter, a buffer or a state.
  ///
  /// - Parameter values: of the tensor's type and shape, on the CPU.
  public func write(_ tensor: NamedTensor, _ values: Tensor) throws {
    guard tensor.value.deviceType != SENTRY_DEVICE_CPU else { return try tensor.value.copy(from: values) }
    try reaching(tensor).transfer(tensor.name, values, write: true)
  }

  private func reaching(_ tensor: NamedTensor) throws -> any SelfUpdatingModel {
    guard let model = self as? any SelfUpdatingModel, model.updatesItself else {
      throw PluginError(
        "\(tensor.name) is on device type \(tensor.value.deviceType), and the model does not offer \(SENTRY_EXTENSION_MODEL_UPDATE)",
        hint: "use a model that is on the CPU", code: SENTRY_UNSUPPORTED)
    }
    return model
  }
}
