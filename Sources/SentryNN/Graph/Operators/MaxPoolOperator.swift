import COneDNN

/// The largest value in each window of each channel; what lies outside the picture does not count.
public struct MaxPoolOperator: GraphOperator {
  public var vertical, horizontal: WindowAxis

  public init(vertical: WindowAxis, horizontal: WindowAxis) {
    (self.vertical, self.horizontal) = (vertical, horizontal)
  }

  public func outputShape(of inputs: [[Int]]) throws -> [Int] {
    guard inputs.count == 1, inputs[0].count == 4 else { throw misfit(inputs) }
    let picture = inputs[0]
    let shape = [picture[0], vertical.results(over: picture[1]), horizontal.results(over: picture[2]), picture[3]]
    guard shape.allSatisfy({ $0 > 0 }) else { throw misfit(inputs) }
    return shape
  }

  public func build(_ site: GraphSite) throws -> GraphStep {
    let (picture, output) = (site.inputs[0].shape, site.output.shape)
    let (source, target) = (try site.source(0), try site.target)
    let work = site.output.count * vertical.size * horizontal.size
    let bands = picture[0] == 1 ? site.parts(output[1], multiplications: work) : [0..<output[1]]
    return GraphStep(
      primitives: try bands.map { rows in
        let (places, axis) = vertical.part(rows, over: picture[1])
        var from = try describe([picture[0], picture[3], places.count, picture[2]], dnnl_nhwc)
        var to = try describe([output[0], output[3], rows.count, output[2]], dnnl_nhwc)
        var result = dnnl_pooling_desc_t()
        try check(
          dnnl_pooling_forward_desc_init(
            &result, dnnl_forward_inference, dnnl_pooling_max, &from, &to,
            [dnnl_dim_t(axis.stride), dnnl_dim_t(horizontal.stride)],
            [dnnl_dim_t(axis.size), dnnl_dim_t(horizontal.size)],
            [dnnl_dim_t(axis.before), dnnl_dim_t(horizontal.before)],
            [dnnl_dim_t(axis.after), dnnl_dim_t(horizontal.after)]), site.name)
        let primitive = try GraphPrimitive(site.name, result, engine: site.engine)
        try primitive.bind(
          [
            .init(DNNL_ARG_SRC, from, source + places.lowerBound * picture[2] * picture[3]),
            .init(DNNL_ARG_DST, to, target + rows.lowerBound * output[2] * output[3]),
          ], site.engine)
        return primitive
      })
  }
}
