import COneDNN

/// Copies a tensor from one layout to another. One thread at a time.
final class Reorder {
  private let primitive: dnnl_primitive_t
  private let (source, target): (MemoryObject, MemoryObject)

  init(from: MemoryDescriptor, to: MemoryDescriptor, engine: Engine) throws {
    Engine.useOneThread()
    var (from, to) = (from, to)
    var (descriptor, primitive): (dnnl_primitive_desc_t?, dnnl_primitive_t?)
    try check(
      dnnl_reorder_primitive_desc_create(&descriptor, &from, engine.handle, &to, engine.handle, nil), "a reorder")
    defer { dnnl_primitive_desc_destroy(descriptor) }
    try AddressSpace.requireRoom(for: .reorder, "a reorder")
    try check(dnnl_primitive_create(&primitive, descriptor), "a reorder")
    guard let primitive else { throw NNError(.primitive, "oneDNN gave no reorder", hint: "check libdnnl2") }
    self.primitive = primitive
    (source, target) = (try MemoryObject(from, engine), try MemoryObject(to, engine))
  }

  deinit { dnnl_primitive_destroy(primitive) }

  func run(_ workspace: Workspace, from: UnsafeMutableRawPointer, to: UnsafeMutableRawPointer) throws {
    Engine.useOneThread()
    try source.point(at: from)
    try target.point(at: to)
    let arguments = [
      dnnl_exec_arg_t(arg: DNNL_ARG_FROM, memory: source.handle),
      dnnl_exec_arg_t(arg: DNNL_ARG_TO, memory: target.handle),
    ]
    try check(dnnl_primitive_execute(primitive, workspace.stream.handle, 2, arguments), "to run a reorder")
    try check(dnnl_stream_wait(workspace.stream.handle), "to finish a reorder")
  }
}
