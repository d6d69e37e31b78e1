import COneDNN

/// A function of every value by itself.
public struct ActivationOperator: GraphOperator {
  public let activation: Activation

  public init(_ activation: Activation) { self.activation = activation }

  public func outputShape(of inputs: [[Int]]) throws -> [Int] {
    guard inputs.count == 1 else { throw misfit(inputs) }
    return inputs[0]
  }

  public func build(_ site: GraphSite) throws -> GraphStep {
    let (source, target) = (try site.source(0), try site.target)
    let (algorithm, alpha, beta) = activation.eltwise
    return GraphStep(
      primitives: try site.parts(site.output.count, values: site.output.count).map { part in
        var layout = try describe([part.count], dnnl_x)
        var result = dnnl_eltwise_desc_t()
        try check(
          dnnl_eltwise_forward_desc_init(&result, dnnl_forward_inference, algorithm, &layout, alpha, beta), site.name)
        let primitive = try GraphPrimitive(site.name, result, engine: site.engine)
        try primitive.bind(
          [
            .init(DNNL_ARG_SRC, layout, source + part.lowerBound),
            .init(DNNL_ARG_DST, layout, target + part.lowerBound),
          ], site.engine)
        return primitive
      })
  }
}
