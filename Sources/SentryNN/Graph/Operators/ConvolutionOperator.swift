import COneDNN

/// A convolution, plain or with one filter a channel, that may add another tensor to its result before the activation.
///
/// Inputs: picture [n][h][w][c]; weights [outputs][h][w][c], or [1][h][w][c] one filter a channel; bias [outputs]; addend in
/// the shape of the result.
public struct ConvolutionOperator: ActivatedOperator {
  public var vertical, horizontal: WindowAxis
  public var depthwise: Bool
  public var hasBias: Bool
  var hasAddend = false
  public var activation: Activation

  public init(
    vertical: WindowAxis, horizontal: WindowAxis, depthwise: Bool = false, hasBias: Bool = true,
    activation: Activation = .none
  ) {
    (self.vertical, self.horizontal, self.depthwise) = (vertical, horizontal, depthwise)
    (self.hasBias, self.activation) = (hasBias, activation)
  }

  /// Whether each result depends on one pixel and nothing else.
  var isPointwise: Bool { seesOnePixel && !hasAddend }

  /// Whether each window is one pixel, so that only their number matters and not how they lie.
  private var seesOnePixel: Bool {
    let one = WindowAxis(size: 1)
    return vertical == one && horizontal == one && !depthwise
  }

  /// The same with zeros around the picture, which `padding` puts there; nil where it does something else as well, or where a
  /// window would see nothing but zeros: a band of such has no operand.
  func padded(by padding: PadOperator) -> ConvolutionOperator? {
    guard padding.before.count == 4, [0, 3].allSatisfy({ padding.before[$0] == 0 && padding.after[$0] == 0 }) else {
      return nil
    }
    var padded = self
    padded.vertical.before += padding.before[1]
    padded.vertical.after += padding.after[1]
    padded.horizontal.before += padding.before[2]
    padded.horizontal.after += padding.after[2]
    let fits = [padded.vertical, padded.horizontal].allSatisfy { max($0.before, $0.after) < $0.reach }
    return fits ? padded : nil
  }

  /// The same with an addend as its last input; nil where it has one or an activation already.
  func adding(then activation: Activation) -> ConvolutionOperator? {
    guard !hasAddend, self.activation == .none else { return nil }
    var adding = self
    (adding.hasAddend, adding.activation) = (true, activation)
    return adding
  }

  public func outputShape(of inputs: [[Int]]) throws -> [Int] {
    guard inputs.count == 2 + (hasBias ? 1 : 0) + (hasAddend ? 1 : 0), inputs[0].count == 4, inputs[1].count == 4,
      inputs[1][1] == vertical.size, inputs[1][2] == horizontal.size, inputs[1][3] == inputs[0][3],
      !depthwise || inputs[1][0] == 1
    else { throw misfit(inputs) }
    let picture = inputs[0]
    let channels = inputs[1][depthwise ? 3 : 0]
    let shape = [picture[0], vertical.results(over: picture[1]), horizontal.results(over: picture[2]), channels]
    guard shape.allSatisfy({ $0 > 0 }), !hasBias || inputs[2] == [channels], !hasAddend || inputs.last == shape else {
      throw misfit(inputs)
    }
    return shape
  }

  public func build(_ site: GraphSite) throws -> GraphStep {
    let (input, output) = (asColumn(site.inputs[0].shape), asColumn(site.output.shape))
    let weights = try site.constant(1)
    let bias = try hasBias ? FloatBuffer(copying: site.constant(2)) : nil
    let work = output.reduce(1, *) * weights.count / (depthwise ? input[3] : output[3])
    // Rows of one picture lie one behind the other; those of several do not.
    let bands = input[0] == 1 ? site.parts(output[1], multiplications: work) : [0..<output[1]]
    var packed: [(layout: MemoryDescriptor, values: FloatBuffer)] = []
    let primitives = try bands.map { rows in
      let band = try ConvolutionBand(self, site, from: input, to: output, rows)
      let primitive = try GraphPrimitive(site.name, try band.operation(self), band.following, engine: site.engine)
      let layout = try primitive.weights
      let values = try packed.first { isSame($0.layout, layout) }?.values ?? pack(weights, site, to: layout)
      packed.append((layout, values))
      try primitive.bind(
        try band.operands(layout, values, bias), keeping: [values] + (bias.map { [$0] } ?? []), site.engine)
      return primitive
    }
    return GraphStep(primitives: primitives)
  }

  /// A picture of which only the pixels count, as one column of them: its rows share out evenly even where there are seven.
  private func asColumn(_ shape: [Int]) -> [Int] {
    seesOnePixel ? [shape[0], shape[1] * shape[2], 1, shape[3]] : shape
  }

  private func pack(_ weights: [Float], _ site: GraphSite, to layout: MemoryDescriptor) throws -> FloatBuffer {
    let packed = try FloatBuffer((byteCount(layout) + 3) / 4)
    let shape = site.inputs[1].shape
    let plain = try describe(
      depthwise ? [shape[3], 1, 1, shape[1], shape[2]] : [shape[0], shape[3], shape[1], shape[2]],
      depthwise ? dnnl_hwigo : dnnl_ohwi)
    let reorder = try Reorder(from: plain, to: layout, engine: site.engine)
    try weights.withUnsafeBytes { bytes in
      guard let base = bytes.baseAddress else { return }
      // It is only read.
      try reorder.run(site.context.workspaces[0], from: UnsafeMutableRawPointer(mutating: base), to: packed.pointer)
    }
    return packed
  }
}
