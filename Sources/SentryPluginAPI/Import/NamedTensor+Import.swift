import CSentryPlugin

/// A plugin that reports more is not to be believed.
private let mostTensors: Int64 = 1 << 20

/// Reads named tensors one by one.
func namedTensors(
  count: Int64, of callee: Callee,
  _ read: (Int64, UnsafeMutablePointer<sentry_named_tensor>, UnsafeMutablePointer<sentry_error>) -> sentry_status
) throws -> [NamedTensor] {
  guard (0...mostTensors).contains(count) else { throw PluginError("\(callee.title) reports \(count) tensors") }
  return try (0..<count).map { index in
    var entry = sentry_named_tensor()
    entry.struct_size = UInt32(SENTRY_NAMED_TENSOR_SIZE_1_0)
    try callee.call("giving tensor", SamplePlace(Int(index))) { read(index, &entry, $0) }
    guard let name = entry.name, let value = entry.value else {
      throw PluginError("tensor \(index) has no name or no value")
    }
    let role: NamedTensor.Role =
      entry.flags & SENTRY_TENSOR_TRAINABLE != 0
      ? .trainable : entry.flags & SENTRY_TENSOR_BUFFER != 0 ? .buffer : .frozen
    return NamedTensor(
      String(cString: name), try Tensor(unowned: value), gradient: try entry.gradient.map { try Tensor(unowned: $0) },
      role: role)
  }
}
