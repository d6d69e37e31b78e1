import COneDNN

/// What a primitive does with its result before it is written.
enum PostOperation {
  /// Adds the argument `PostOperation.argument(number)`.
  case add(MemoryDescriptor)
  case activate(Activation)

  static func activation(_ activation: Activation) -> [PostOperation] {
    activation == .none ? [] : [.activate(activation)]
  }

  /// The argument of the post-operation with this number.
  static func argument(_ number: Int32) -> Int32 {
    // DNNL_ARG_ATTR_MULTIPLE_POST_OP, a macro that Swift does not see.
    DNNL_ARG_ATTR_MULTIPLE_POST_OP_BASE * (number + 1) | DNNL_ARG_SRC_1
  }

  static func set(_ all: [PostOperation], _ attributes: dnnl_primitive_attr_t?) throws {
    guard !all.isEmpty else { return }
    var operations: dnnl_post_ops_t?
    try check(dnnl_post_ops_create(&operations), "post-operations")
    defer { dnnl_post_ops_destroy(operations) }
    for operation in all {
      switch operation {
      case .add(let layout):
        let status = withUnsafePointer(to: layout) { dnnl_post_ops_append_binary(operations, dnnl_binary_add, $0) }
        try check(status, "an addition")
      case .activate(let activation):
        let (algorithm, alpha, beta) = activation.eltwise
        try check(dnnl_post_ops_append_eltwise(operations, 1, algorithm, alpha, beta), "an activation")
      }
    }
    try check(dnnl_primitive_attr_set_post_ops(attributes, operations), "post-operations")
  }
}
