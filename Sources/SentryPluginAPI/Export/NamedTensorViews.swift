package import CSentryPlugin

/// The C views of named tensors, which stay valid as long as they live.
package final class NamedTensorViews: @unchecked Sendable {
  private let views: [(name: OwnedCString, flags: UInt32, value: TensorView, gradient: TensorView?)]
  var count: Int { views.count }

  package init(_ tensors: [NamedTensor]) {
    views = tensors.map { tensor in
      let flags =
        switch tensor.role {
        case .trainable: SENTRY_TENSOR_TRAINABLE
        case .buffer: SENTRY_TENSOR_BUFFER
        case .frozen: UInt32(0)
        }
      return (OwnedCString(tensor.name), flags, TensorView(tensor.value), tensor.gradient.map(TensorView.init))
    }
  }

  package func fill(_ out: UnsafeMutablePointer<sentry_named_tensor>, at index: Int64) throws {
    guard out.pointee.struct_size >= SENTRY_NAMED_TENSOR_SIZE_1_0 else {
      throw PluginError.invalid("sentry_named_tensor.struct_size is \(out.pointee.struct_size)")
    }
    guard views.indices.contains(Int(index)) else {
      throw PluginError.invalid("tensor \(index) does not exist, there are \(views.count)")
    }
    let view = views[Int(index)]
    out.pointee.flags = view.flags
    out.pointee.name = view.name.pointer
    out.pointee.value = view.value.pointer
    out.pointee.gradient = view.gradient?.pointer
  }
}
