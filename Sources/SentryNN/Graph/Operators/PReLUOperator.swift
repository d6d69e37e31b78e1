import COneDNN

/// A ReLU whose slope below 0 is a parameter of the channel. Inputs: picture, slopes [1][1][c].
public struct PReLUOperator: GraphOperator {
  public init() {}

  public func outputShape(of inputs: [[Int]]) throws -> [Int] {
    guard inputs.count == 2, inputs[0].count == 4, inputs[1] == [1, 1, inputs[0][3]] else { throw misfit(inputs) }
    return inputs[0]
  }

  public func build(_ site: GraphSite) throws -> GraphStep {
    let (source, target, shape) = (try site.source(0), try site.target, site.output.shape)
    let slopes = try FloatBuffer(copying: site.constant(1))
    // Every pixel is like every other: all of them are one column.
    let (pixels, channels) = (site.output.count / shape[3], shape[3])
    return GraphStep(
      primitives: try site.parts(pixels, values: site.output.count).map { part in
        var data = try describe([1, channels, part.count, 1], dnnl_nhwc)
        var weights = try describe([1, channels, 1, 1], dnnl_nhwc)
        var result = dnnl_prelu_desc_t()
        try check(dnnl_prelu_forward_desc_init(&result, dnnl_forward_inference, &data, &weights), site.name)
        let primitive = try GraphPrimitive(site.name, result, engine: site.engine)
        try primitive.bind(
          [
            .init(DNNL_ARG_SRC, data, source + part.lowerBound * channels),
            .init(DNNL_ARG_WEIGHTS, weights, slopes.pointer),
            .init(DNNL_ARG_DST, data, target + part.lowerBound * channels),
          ], keeping: [slopes], site.engine)
        return primitive
      })
  }
}
