import CSentryPlugin

extension TensorSpecification {
  /// Whether a tensor is one of those that this describes.
  package func describes(_ tensor: Tensor) -> Bool {
    tensor.dtype == dtype && tensor.shape.count == shape.count
      && zip(tensor.shape, shape).allSatisfy { $1 == -1 || $0 == $1 }
  }

  /// Throws where a tensor that a component gave is not as it describes them, or is not in the host's memory.
  /// - Parameter what: `samples`.
  func require(_ tensor: Tensor, _ what: String) throws {
    let hint = "this is a fault of the plugin: sentry plugins check tells more"
    guard describes(tensor) else {
      throw PluginError(
        "it gave \(TensorSpecification(tensor.dtype, tensor.shape)), but describes its \(what) as \(self)", hint: hint)
    }
    guard tensor.deviceType == SENTRY_DEVICE_CPU else {
      throw PluginError(
        "it gave a tensor on device type \(tensor.deviceType) as \(what), but what it gives has to be on the CPU",
        hint: hint)
    }
  }

  /// Throws where no tensor can be as this says: before memory is taken for one.
  func check(_ what: String) throws {
    let fixed = shape.filter { $0 != -1 }
    guard shape.count <= 16, PhysicalMemory.bytes(of: fixed, each: dtype.size) != nil else {
      throw PluginError(
        "\(what) are described as \(self), which is negative or larger than this machine's memory",
        hint: "an extent is -1 where it varies, and else a size that there can be")
    }
  }
}

extension ModelSpecification.Output {
  /// What a pass gives for it: for one sample, or for a batch. The description says nothing of the type: model and trainer may
  /// agree on another than the usual one.
  func specification(_ dtype: DType = .float32, batch: Int? = nil) -> TensorSpecification {
    let sample = kind == .logits ? [classes?.count ?? -1] : shape ?? []
    return TensorSpecification(dtype, (batch.map { [$0] } ?? []) + sample)
  }
}
