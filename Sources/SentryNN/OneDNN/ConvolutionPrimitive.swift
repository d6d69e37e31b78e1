import COneDNN

/// One direction of a convolution as oneDNN runs it: shared by all threads, each with its own arguments and scratch.
final class ConvolutionPrimitive {
  enum Direction { case forward, data, weights }

  let implementation: String
  /// The layouts of the operands; in the direction `data` the source is a gradient, and so on.
  let (source, weights, destination): (MemoryDescriptor, MemoryDescriptor, MemoryDescriptor)
  private let name: String
  private let descriptor: dnnl_primitive_desc_t
  private let primitive: dnnl_primitive_t
  private let scratchpadFloats: Int
  private let operands: [Operands]

  init(
    _ direction: Direction, _ shape: ConvolutionShape, hint: ConvolutionPrimitive?, engine: Engine, threadCount: Int
  ) throws {
    Engine.useOneThread()
    let name = "\(shape.description) (\(direction))"
    var operation = try operationDescriptor(direction, shape)
    var attributes: dnnl_primitive_attr_t?
    try check(dnnl_primitive_attr_create(&attributes), "attributes")
    defer { dnnl_primitive_attr_destroy(attributes) }
    try check(dnnl_primitive_attr_set_scratchpad_mode(attributes, dnnl_scratchpad_mode_user), "a scratchpad mode")
    var described: dnnl_primitive_desc_t?
    try check(
      dnnl_primitive_desc_create(&described, &operation, attributes, engine.handle, hint?.descriptor), name)
    let (descriptor, primitive) = try makePrimitive(name, of: described)
    (self.name, self.descriptor, self.primitive) = (name, descriptor, primitive)
    let roles = direction.roles
    source = try query(descriptor, roles.source.query)
    weights = try query(descriptor, roles.weights.query)
    destination = try query(descriptor, roles.destination.query)
    if shape.algorithm == .winograd {
      // The layout that ``Slab`` writes and reads.
      guard isSame(source, try describe(shape.input, dnnl_nChw16c)),
        isSame(destination, try describe(shape.output, dnnl_nChw16c))
      else {
        dnnl_primitive_destroy(primitive)
        dnnl_primitive_desc_destroy(descriptor)
        throw NNError(.unimplemented, "\(name) has an unknown layout", hint: "this is handled by a direct convolution")
      }
    }
    let scratchpad = try query(descriptor, dnnl_query_scratchpad_md)
    scratchpadFloats = byteCount(scratchpad) / 4 + 16
    var text: UnsafePointer<CChar>?
    try check(dnnl_primitive_desc_query(descriptor, dnnl_query_impl_info_str, 0, &text), "a name")
    implementation = text.map { String(cString: $0) } ?? "unknown"
    let layouts = [source, weights, destination, scratchpad]
    let arguments = [roles.source.argument, roles.weights.argument, roles.destination.argument, DNNL_ARG_SCRATCHPAD]
    operands = try (0..<threadCount).map { _ in try Operands(layouts, arguments, engine) }
  }

  deinit {
    dnnl_primitive_destroy(primitive)
    dnnl_primitive_desc_destroy(descriptor)
  }

  func run(
    _ workspace: Workspace, source: UnsafeMutableRawPointer, weights: UnsafeMutableRawPointer,
    destination: UnsafeMutableRawPointer
  ) throws {
    Engine.useOneThread()
    let operands = operands[workspace.thread]
    try operands.memories[0].point(at: source)
    try operands.memories[1].point(at: weights)
    try operands.memories[2].point(at: destination)
    try operands.memories[3].point(at: try workspace.scratch(.primitive, scratchpadFloats))
    let stream = workspace.stream.handle
    try check(dnnl_primitive_execute(primitive, stream, 4, operands.arguments), "to run \(name)")
    try check(dnnl_stream_wait(stream), "to finish \(name)")
  }
}

/// One thread's arguments of a primitive.
private final class Operands {
  let memories: [MemoryObject]
  let arguments: [dnnl_exec_arg_t]

  init(_ layouts: [MemoryDescriptor], _ names: [Int32], _ engine: Engine) throws {
    let memories = try layouts.map { try MemoryObject($0, engine) }
    self.memories = memories
    arguments = zip(names, memories).map { dnnl_exec_arg_t(arg: $0, memory: $1.handle) }
  }
}

/// What oneDNN calls an operand: as an argument and in a query of its layout.
private typealias Role = (argument: Int32, query: dnnl_query_t)

extension ConvolutionPrimitive.Direction {
  fileprivate var roles: (source: Role, weights: Role, destination: Role) {
    switch self {
    case .forward:
      ((DNNL_ARG_SRC, dnnl_query_src_md), (DNNL_ARG_WEIGHTS, dnnl_query_weights_md), (DNNL_ARG_DST, dnnl_query_dst_md))
    case .data:
      (
        (DNNL_ARG_DIFF_SRC, dnnl_query_diff_src_md), (DNNL_ARG_WEIGHTS, dnnl_query_weights_md),
        (DNNL_ARG_DIFF_DST, dnnl_query_diff_dst_md)
      )
    case .weights:
      (
        (DNNL_ARG_SRC, dnnl_query_src_md), (DNNL_ARG_DIFF_WEIGHTS, dnnl_query_diff_weights_md),
        (DNNL_ARG_DIFF_DST, dnnl_query_diff_dst_md)
      )
    }
  }
}

private func operationDescriptor(_ direction: ConvolutionPrimitive.Direction, _ shape: ConvolutionShape) throws
  -> dnnl_convolution_desc_t
{
  let winograd = shape.algorithm == .winograd
  // Direct convolutions take the block buffers' own NHWC; Winograd has one layout of its own and must be asked for it.
  let tag = winograd ? dnnl_format_tag_any : dnnl_nhwc
  let algorithm = winograd ? dnnl_convolution_winograd : dnnl_convolution_direct
  // What a gradient is written to is f32 in any precision.
  var input = try describe(shape.input, tag, direction == .data ? .f32 : shape.precision)
  var weights = try describe(shape.weights, dnnl_format_tag_any, direction == .weights ? .f32 : shape.precision)
  var output = try describe(shape.output, tag, shape.precision)
  let strides = [dnnl_dim_t](repeating: dnnl_dim_t(shape.stride), count: 2)
  let padding = [dnnl_dim_t](repeating: dnnl_dim_t(shape.padding), count: 2)
  var result = dnnl_convolution_desc_t()
  switch direction {
  case .forward:
    try check(
      dnnl_convolution_forward_desc_init(
        &result, dnnl_forward_training, algorithm, &input, &weights, nil, &output, strides, padding, padding),
      shape.description)
  case .data:
    try check(
      dnnl_convolution_backward_data_desc_init(
        &result, algorithm, &input, &weights, &output, strides, padding, padding), shape.description)
  case .weights:
    try check(
      dnnl_convolution_backward_weights_desc_init(
        &result, algorithm, &input, &weights, nil, &output, strides, padding, padding), shape.description)
  }
  return result
}

private func query(_ descriptor: dnnl_primitive_desc_t, _ what: dnnl_query_t) throws -> MemoryDescriptor {
  guard let pointer = dnnl_primitive_desc_query_md(descriptor, what, 0) else {
    throw NNError(.primitive, "oneDNN tells no layout for query \(what.rawValue)", hint: "check libdnnl2")
  }
  return pointer.pointee
}
