import COneDNN

/// A convolution with a folded batch norm and ReLU as oneDNN runs it; one thread a call, shared by all.
final class InferencePrimitive {
  let shape: InferenceShape
  let implementation: String
  /// The layout of its weights.
  let weights: MemoryDescriptor
  private let descriptor: dnnl_primitive_desc_t
  private let primitive: dnnl_primitive_t
  private let scratchpadFloats: Int
  private let operands: [Operands]

  /// - Throws: ``NNError`` `.primitive`, also where oneDNN has no such convolution.
  init(_ shape: InferenceShape, engine: Engine, threadCount: Int) throws {
    Engine.useOneThread()
    let name = shape.description
    var attributes: dnnl_primitive_attr_t?
    try check(dnnl_primitive_attr_create(&attributes), "attributes")
    defer { dnnl_primitive_attr_destroy(attributes) }
    try check(dnnl_primitive_attr_set_scratchpad_mode(attributes, dnnl_scratchpad_mode_user), "a scratchpad mode")
    if shape.hasReLU { try appendReLU(attributes) }
    var operation = try convolutionDescriptor(shape)
    var described: dnnl_primitive_desc_t?
    try check(dnnl_primitive_desc_create(&described, &operation, attributes, engine.handle, nil), name)
    let (descriptor, primitive) = try makePrimitive(name, of: described)
    (self.shape, self.descriptor, self.primitive) = (shape, descriptor, primitive)
    weights = try layout(descriptor, dnnl_query_weights_md)
    let scratchpad = try layout(descriptor, dnnl_query_scratchpad_md)
    scratchpadFloats = byteCount(scratchpad) / 4 + 16
    var text: UnsafePointer<CChar>?
    try check(dnnl_primitive_desc_query(descriptor, dnnl_query_impl_info_str, 0, &text), "a name")
    implementation = text.map { String(cString: $0) } ?? "unknown"
    var layouts: [(argument: Int32, layout: MemoryDescriptor)] = [
      (DNNL_ARG_SRC, try layout(descriptor, dnnl_query_src_md)), (DNNL_ARG_WEIGHTS, weights),
      (DNNL_ARG_DST, try layout(descriptor, dnnl_query_dst_md)), (DNNL_ARG_SCRATCHPAD, scratchpad),
    ]
    if shape.hasReLU { layouts.append((DNNL_ARG_BIAS, try describe([shape.outputChannels], dnnl_x, .f32))) }
    operands = try (0..<threadCount).map { _ in try Operands(layouts, engine) }
  }

  deinit {
    dnnl_primitive_destroy(primitive)
    dnnl_primitive_desc_destroy(descriptor)
  }

  func run(
    _ workspace: Workspace, source: UnsafeMutableRawPointer, weights: PackedInferenceWeights,
    destination: UnsafeMutableRawPointer
  ) throws {
    Engine.useOneThread()
    let operands = operands[workspace.thread]
    try operands.memories[0].point(at: source)
    try operands.memories[1].point(at: weights.values.pointer)
    try operands.memories[2].point(at: destination)
    try operands.memories[3].point(at: try workspace.scratch(.primitive, scratchpadFloats))
    if shape.hasReLU { try operands.memories[4].point(at: weights.bias.pointer) }
    let stream = workspace.stream.handle
    let count = Int32(operands.arguments.count)
    try check(dnnl_primitive_execute(primitive, stream, count, operands.arguments), "to run \(shape.description)")
    try check(dnnl_stream_wait(stream), "to finish \(shape.description)")
  }
}

/// One thread's arguments.
private final class Operands {
  let memories: [MemoryObject]
  let arguments: [dnnl_exec_arg_t]

  init(_ layouts: [(argument: Int32, layout: MemoryDescriptor)], _ engine: Engine) throws {
    let memories = try layouts.map { try MemoryObject($0.layout, engine) }
    self.memories = memories
    arguments = zip(layouts, memories).map { dnnl_exec_arg_t(arg: $0.argument, memory: $1.handle) }
  }
}

private func appendReLU(_ attributes: dnnl_primitive_attr_t?) throws {
  var operations: dnnl_post_ops_t?
  try check(dnnl_post_ops_create(&operations), "post-operations")
  defer { dnnl_post_ops_destroy(operations) }
  try check(dnnl_post_ops_append_eltwise(operations, 1, dnnl_eltwise_relu, 0, 0), "a ReLU")
  try check(dnnl_primitive_attr_set_post_ops(attributes, operations), "post-operations")
}

private func convolutionDescriptor(_ shape: InferenceShape) throws -> dnnl_convolution_desc_t {
  let winograd = shape.algorithm == .winograd
  // Winograd is asked for by name, with its operands in groups of 16 channels.
  let tag = winograd ? dnnl_nChw16c : dnnl_nhwc
  var input = try describe(shape.input, tag, shape.precision)
  var weights = try describe(shape.weights, dnnl_format_tag_any, shape.precision)
  var bias = try describe([shape.outputChannels], dnnl_x, .f32)
  var output = try describe(shape.output, tag, shape.resultPrecision)
  let strides = [dnnl_dim_t](repeating: dnnl_dim_t(shape.stride), count: 2)
  let before = [dnnl_dim_t(shape.top), dnnl_dim_t(shape.padding)]
  let after = [dnnl_dim_t(shape.bottom), dnnl_dim_t(shape.padding)]
  var result = dnnl_convolution_desc_t()
  let algorithm = winograd ? dnnl_convolution_winograd : dnnl_convolution_direct
  let status =
    if shape.hasReLU {
      dnnl_convolution_forward_desc_init(
        &result, dnnl_forward_inference, algorithm, &input, &weights, &bias, &output, strides, before, after)
    } else {
      dnnl_convolution_forward_desc_init(
        &result, dnnl_forward_inference, algorithm, &input, &weights, nil, &output, strides, before, after)
    }
  try check(status, shape.description)
  return result
}

private func layout(_ descriptor: dnnl_primitive_desc_t, _ what: dnnl_query_t) throws -> MemoryDescriptor {
  guard let pointer = dnnl_primitive_desc_query_md(descriptor, what, 0) else {
    throw NNError(.primitive, "oneDNN tells no layout for query \(what.rawValue)", hint: "check libdnnl2")
  }
  return pointer.pointee
}
