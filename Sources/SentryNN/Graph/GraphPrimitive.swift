import COneDNN

/// A primitive of oneDNN with its arguments, which lie at fixed addresses. One thread runs it at a time.
final class GraphPrimitive {
  struct Operand {
    let argument: Int32
    let layout: MemoryDescriptor
    let data: UnsafeMutablePointer<Float>

    init(_ argument: Int32, _ layout: MemoryDescriptor, _ data: UnsafeMutablePointer<Float>) {
      (self.argument, self.layout, self.data) = (argument, layout, data)
    }
  }

  let implementation: String
  private let name: String
  private let descriptor: dnnl_primitive_desc_t
  private let primitive: dnnl_primitive_t
  private let scratchpad: MemoryObject
  private let scratchpadFloats: Int
  private var memories: [MemoryObject] = []
  private var arguments: [dnnl_exec_arg_t] = []
  /// What the addresses belong to, where that is nobody else's.
  private var owned: [FloatBuffer] = []

  /// - Parameter operation: one of oneDNN's descriptors of an operation.
  init<Operation>(_ name: String, _ operation: Operation, _ following: [PostOperation] = [], engine: Engine) throws {
    Engine.useOneThread()
    var attributes: dnnl_primitive_attr_t?
    try check(dnnl_primitive_attr_create(&attributes), "attributes")
    defer { dnnl_primitive_attr_destroy(attributes) }
    try check(dnnl_primitive_attr_set_scratchpad_mode(attributes, dnnl_scratchpad_mode_user), "a scratchpad mode")
    try PostOperation.set(following, attributes)
    var described: dnnl_primitive_desc_t?
    let made = withUnsafePointer(to: operation) {
      dnnl_primitive_desc_create(&described, $0, attributes, engine.handle, nil)
    }
    try check(made, name)
    let (descriptor, primitive) = try makePrimitive(name, of: described)
    (self.name, self.descriptor, self.primitive) = (name, descriptor, primitive)
    let layout = try query(descriptor, dnnl_query_scratchpad_md)
    (scratchpad, scratchpadFloats) = (try MemoryObject(layout, engine), byteCount(layout) / 4 + 16)
    var text: UnsafePointer<CChar>?
    try check(dnnl_primitive_desc_query(descriptor, dnnl_query_impl_info_str, 0, &text), "a name")
    implementation = text.map { String(cString: $0) } ?? "unknown"
  }

  deinit {
    dnnl_primitive_destroy(primitive)
    dnnl_primitive_desc_destroy(descriptor)
  }

  /// The layout that oneDNN chose for the weights.
  var weights: MemoryDescriptor {
    get throws { try query(descriptor, dnnl_query_weights_md) }
  }

  /// Says where the arguments lie, and what memory is to be kept for them.
  func bind(_ operands: [Operand], keeping owned: [FloatBuffer] = [], _ engine: Engine) throws {
    memories = try operands.map { operand in
      let memory = try MemoryObject(operand.layout, engine)
      try memory.point(at: operand.data)
      return memory
    }
    arguments = zip(operands, memories).map { dnnl_exec_arg_t(arg: $0.argument, memory: $1.handle) }
    arguments.append(dnnl_exec_arg_t(arg: DNNL_ARG_SCRATCHPAD, memory: scratchpad.handle))
    self.owned = owned
  }

  func run(_ workspace: Workspace) throws {
    Engine.useOneThread()
    try scratchpad.point(at: try workspace.scratch(.primitive, scratchpadFloats))
    let stream = workspace.stream.handle
    try check(dnnl_primitive_execute(primitive, stream, Int32(arguments.count), arguments), "to run \(name)")
    try check(dnnl_stream_wait(stream), "to finish \(name)")
  }
}

private func query(_ descriptor: dnnl_primitive_desc_t, _ what: dnnl_query_t) throws -> MemoryDescriptor {
  guard let pointer = dnnl_primitive_desc_query_md(descriptor, what, 0) else {
    throw NNError(.primitive, "oneDNN tells no layout for query \(what.rawValue)", hint: "check libdnnl2")
  }
  return pointer.pointee
}
