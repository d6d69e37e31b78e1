import COneDNN

/// Some rows of a convolution's result, as a convolution of their own.
struct ConvolutionBand {
  private let vertical, horizontal: WindowAxis
  private let source, destination: MemoryDescriptor
  private let input, output: UnsafeMutablePointer<Float>
  private let addend: UnsafeMutablePointer<Float>?
  let following: [PostOperation]
  private let weights: [Int]
  private let channels: Int

  /// - Parameters:
  ///   - picture: the shape of the input, as the convolution looks at it.
  ///   - result: that of the output, likewise.
  init(
    _ convolution: ConvolutionOperator, _ site: GraphSite, from picture: [Int], to result: [Int], _ rows: Range<Int>
  ) throws {
    let filter = site.inputs[1].shape
    let (places, axis) = convolution.vertical.part(rows, over: picture[1])
    (vertical, horizontal) = (axis, convolution.horizontal)
    source = try describe([picture[0], picture[3], places.count, picture[2]], dnnl_nhwc)
    destination = try describe([result[0], result[3], rows.count, result[2]], dnnl_nhwc)
    input = try site.source(0) + places.lowerBound * picture[2] * picture[3]
    let skipped = rows.lowerBound * result[2] * result[3]
    output = try site.target + skipped
    addend = convolution.hasAddend ? try site.source(site.inputs.count - 1) + skipped : nil
    following = (convolution.hasAddend ? [.add(destination)] : []) + PostOperation.activation(convolution.activation)
    channels = result[3]
    weights =
      convolution.depthwise
      ? [filter[3], 1, 1, filter[1], filter[2]] : [filter[0], filter[3], filter[1], filter[2]]
  }

  func operation(_ convolution: ConvolutionOperator) throws -> dnnl_convolution_desc_t {
    var (source, destination) = (source, destination)
    var weights = try describe(weights, dnnl_format_tag_any)
    var bias = try describe([channels], dnnl_x)
    let strides = [dnnl_dim_t(vertical.stride), dnnl_dim_t(horizontal.stride)]
    let dilation = [dnnl_dim_t(vertical.dilation - 1), dnnl_dim_t(horizontal.dilation - 1)]
    let before = [dnnl_dim_t(vertical.before), dnnl_dim_t(horizontal.before)]
    let after = [dnnl_dim_t(vertical.after), dnnl_dim_t(horizontal.after)]
    var result = dnnl_convolution_desc_t()
    let status =
      if convolution.hasBias {
        dnnl_dilated_convolution_forward_desc_init(
          &result, dnnl_forward_inference, dnnl_convolution_direct, &source, &weights, &bias, &destination, strides,
          dilation, before, after)
      } else {
        dnnl_dilated_convolution_forward_desc_init(
          &result, dnnl_forward_inference, dnnl_convolution_direct, &source, &weights, nil, &destination, strides,
          dilation, before, after)
      }
    try check(status, "a convolution")
    return result
  }

  func operands(_ layout: MemoryDescriptor, _ values: FloatBuffer, _ bias: FloatBuffer?) throws
    -> [GraphPrimitive.Operand]
  {
    var operands = [
      GraphPrimitive.Operand(DNNL_ARG_SRC, source, input), .init(DNNL_ARG_WEIGHTS, layout, values.pointer),
      .init(DNNL_ARG_DST, destination, output),
    ]
    if let bias { operands.append(.init(DNNL_ARG_BIAS, try describe([channels], dnnl_x), bias.pointer)) }
    if let addend { operands.append(.init(PostOperation.argument(0), destination, addend)) }
    return operands
  }
}
