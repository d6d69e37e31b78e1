import COneDNN

/// A picture in another size, each value from the four nearest; pixels are areas, so that the corners of both pictures meet
/// (TensorFlow's `half_pixel_centers`).
public struct ResizeBilinearOperator: ActivatedOperator {
  public let height, width: Int
  var activation = Activation.none

  public init(height: Int, width: Int) { (self.height, self.width) = (height, width) }

  public func outputShape(of inputs: [[Int]]) throws -> [Int] {
    guard inputs.count == 1, inputs[0].count == 4, height > 0, width > 0 else { throw misfit(inputs) }
    return [inputs[0][0], height, width, inputs[0][3]]
  }

  public func build(_ site: GraphSite) throws -> GraphStep {
    let picture = site.inputs[0].shape
    var from = try describe([picture[0], picture[3], picture[1], picture[2]], dnnl_nhwc)
    var to = try describe([picture[0], picture[3], height, width], dnnl_nhwc)
    var result = dnnl_resampling_desc_t()
    try check(
      dnnl_resampling_forward_desc_init(&result, dnnl_forward_inference, dnnl_resampling_linear, nil, &from, &to),
      site.name)
    let primitive = try GraphPrimitive(
      site.name, result, PostOperation.activation(activation), engine: site.engine)
    try primitive.bind(
      [.init(DNNL_ARG_SRC, from, try site.source(0)), .init(DNNL_ARG_DST, to, try site.target)], site.engine)
    return GraphStep(primitives: [primitive])
  }
}
