import COneDNN

/// The sum of two tensors of one shape, or of a tensor and one value for each of its channels.
public struct AddOperator: ActivatedOperator {
  public var activation: Activation

  public init(activation: Activation = .none) { self.activation = activation }

  public func outputShape(of inputs: [[Int]]) throws -> [Int] {
    guard inputs.count == 2, inputs[0] == inputs[1] || isOfChannels(inputs[1], of: inputs[0]) else {
      throw misfit(inputs)
    }
    return inputs[0]
  }

  private func isOfChannels(_ shape: [Int], of whole: [Int]) -> Bool {
    shape.count <= whole.count && !shape.isEmpty && shape.last == whole.last && shape.dropLast().allSatisfy { $0 == 1 }
  }

  public func build(_ site: GraphSite) throws -> GraphStep {
    let (first, second, target) = (try site.source(0), try second(site), try site.target)
    let whole = site.output.shape
    let isEqual = site.inputs[1].shape == whole
    // Values by themselves, or pixels of channels.
    let channels = isEqual ? 1 : whole[whole.count - 1]
    let parts = site.parts(site.output.count / channels, values: site.output.count)
    return GraphStep(
      primitives: try parts.map { part in
        let start = part.lowerBound * channels
        let layout =
          try isEqual ? describe([part.count], dnnl_x) : describe([1, channels, part.count, 1], dnnl_nhwc)
        return try primitive(
          site, (layout, first + start),
          isEqual
            ? (layout, second.data + start) : (try describe([1, channels, 1, 1], dnnl_nhwc), second.data),
          target + start, second.owned)
      })
  }

  private func second(_ site: GraphSite) throws -> (data: UnsafeMutablePointer<Float>, owned: [FloatBuffer]) {
    guard let constant = site.inputs[1].constant else { return (try site.source(1), []) }
    let copy = try FloatBuffer(copying: constant)
    return (copy.pointer, [copy])
  }

  private func primitive(
    _ site: GraphSite, _ first: (layout: MemoryDescriptor, data: UnsafeMutablePointer<Float>),
    _ second: (layout: MemoryDescriptor, data: UnsafeMutablePointer<Float>), _ target: UnsafeMutablePointer<Float>,
    _ owned: [FloatBuffer]
  ) throws -> GraphPrimitive {
    var (one, two, result) = (first.layout, second.layout, dnnl_binary_desc_t())
    try check(dnnl_binary_desc_init(&result, dnnl_binary_add, &one, &two, &one), site.name)
    let primitive = try GraphPrimitive(
      site.name, result, PostOperation.activation(activation), engine: site.engine)
    try primitive.bind(
      [
        .init(DNNL_ARG_SRC_0, one, first.data), .init(DNNL_ARG_SRC_1, two, second.data),
        .init(DNNL_ARG_DST, one, target),
      ], keeping: owned, site.engine)
    return primitive
  }
}
