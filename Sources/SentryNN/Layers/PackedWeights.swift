import COneDNN

/// A copy of a convolution's weights in the layout that one direction of oneDNN wants.
final class PackedWeights {
  var isStale = true
  private let layout: MemoryDescriptor
  private let memory: FloatBuffer
  private let reorder: Reorder

  init(_ primitive: ConvolutionPrimitive, _ shape: ConvolutionShape, _ context: ComputeContext) throws {
    layout = primitive.weights
    memory = try FloatBuffer(byteCount(layout) / 4)
    reorder = try Reorder(from: try describe(shape.weights, dnnl_oihw), to: layout, engine: context.engine)
  }

  var values: UnsafeMutablePointer<Float> { memory.pointer }

  func fits(_ primitive: ConvolutionPrimitive) -> Bool { isSame(layout, primitive.weights) }

  func pack(_ weights: UnsafeMutablePointer<Float>, _ workspace: Workspace) throws {
    try reorder.run(workspace, from: weights, to: memory.pointer)
    isStale = false
  }
}
