public import SentryNN
public import SentryPluginAPI

extension ParameterArena {
  /// Parameters and buffers in the order of the state dict, as the border shows them. Their memory is the network's and lives
  /// as long.
  public var namedTensors: [NamedTensor] {
    var byName: [String: NamedTensor] = [:]
    for parameter in parameters {
      byName[parameter.name] = NamedTensor(
        parameter.name, Tensor(parameter.shape, over: parameter.value),
        gradient: parameter.trainable ? Tensor(parameter.shape, over: parameter.gradient) : nil,
        role: parameter.trainable ? .trainable : .frozen)
    }
    for buffer in buffers {
      let tensor =
        switch buffer.storage {
        case .float32(let pointer): Tensor(buffer.shape, .float32, over: pointer)
        case .int64(let pointer): Tensor(buffer.shape, .int64, over: pointer)
        }
      byName[buffer.name] = NamedTensor(buffer.name, tensor, role: .buffer)
    }
    return stateNames.compactMap { byName[$0] }
  }
}

extension Tensor {
  /// A copy of what a network computed.
  public convenience init(_ shape: [Int], copying source: UnsafePointer<Float>) {
    self.init(shape)
    data.copyMemory(from: source, byteCount: byteCount)
  }

  /// The first element, of a tensor that is not empty.
  public func floats() throws -> UnsafePointer<Float> {
    guard let pointer = try elements(as: Float.self).baseAddress else { throw PluginError.invalid("an empty tensor") }
    return UnsafePointer(pointer)
  }
}
