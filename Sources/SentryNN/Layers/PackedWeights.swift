import COneDNN

/// A copy of a convolution's weights in the layout that one direction of oneDNN wants.
final class PackedWeights {
  var isStale = true
  private let layout: MemoryDescriptor
  private let memory: ActivationBuffer
  private let reorder: Reorder

  init(_ primitive: ConvolutionPrimitive, _ shape: ConvolutionShape, _ context: ComputeContext) throws {
    layout = primitive.weights
    memory = ActivationBuffer(shape.precision)
    try memory.reserve(byteCount(layout) / shape.precision.size)
    reorder = try Reorder(from: try describe(shape.weights, dnnl_oihw), to: layout, engine: context.engine)
  }

  var values: UnsafeMutableRawPointer { memory.start.data }

  func fits(_ primitive: ConvolutionPrimitive) -> Bool { isSame(layout, primitive.weights) }

  func pack(_ weights: UnsafeMutablePointer<Float>, _ workspace: Workspace) throws {
    try reorder.run(workspace, from: weights, to: values)
    isStale = false
  }
}
