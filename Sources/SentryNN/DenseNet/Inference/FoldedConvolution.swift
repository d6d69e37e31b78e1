import COneDNN

/// A convolution's weights for inference: with the batch norm behind it multiplied in, packed for each primitive that reads them.
final class FoldedConvolution {
  private let convolution: Convolution
  /// The batch norm that follows, if one does, and where its running statistics are prepared.
  private let norm: FoldedNorm?
  private let bias = FloatBuffer()
  private var copies: [PackedInferenceWeights] = []
  private var winograd: WinogradConvolution?

  init(_ convolution: Convolution, norm: FoldedNorm?) throws {
    (self.convolution, self.norm) = (convolution, norm)
    if let norm { try bias.reserve(norm.channels) }
  }

  /// The copy in the layout of `primitive`, filled by the next ``refresh(_:)``.
  func packed(for primitive: InferencePrimitive, _ engine: Engine) throws -> PackedInferenceWeights {
    if let known = copies.first(where: { $0.fits(primitive) }) { return known }
    let copy = try PackedInferenceWeights(primitive, bias: bias, engine: engine)
    copies.append(copy)
    return copy
  }

  /// The form for our own Winograd's convolution, filled likewise.
  func winograd(_ context: ComputeContext) throws -> WinogradConvolution {
    if let winograd { return winograd }
    let new = WinogradConvolution(convolution.shape, context)
    try new.prepare([.forward], context)
    winograd = new
    return new
  }

  /// Parameters or running statistics have changed.
  func changed() {
    for copy in copies { copy.isStale = true }
    winograd?.weightsChanged()
  }

  /// Folds and packs what is stale; the norm has been refreshed.
  func refresh(_ workspace: Workspace) throws {
    guard copies.contains(where: \.isStale) || winograd?.isStale == true else { return }
    let weight = convolution.weight
    let (outputs, row) = (weight.shape[0], weight.count / weight.shape[0])
    let folded = try workspace.scratch(.output, weight.count)
    for output in 0..<outputs {
      let factor = norm?.scale[output] ?? 1
      let (source, target) = (weight.value + output * row, folded + output * row)
      for index in 0..<row { target[index] = source[index] * factor }
      if let norm { bias.pointer[output] = norm.shift[output] }
    }
    for copy in copies where copy.isStale { try copy.pack(folded, workspace) }
    winograd?.pack(folded)
  }
}

/// Folded weights in one layout, and their bias.
final class PackedInferenceWeights {
  var isStale = true
  let values: FloatBuffer
  let bias: FloatBuffer
  private let layout: MemoryDescriptor
  private let reorder: Reorder

  init(_ primitive: InferencePrimitive, bias: FloatBuffer, engine: Engine) throws {
    (layout, self.bias) = (primitive.weights, bias)
    values = try FloatBuffer((byteCount(layout) + 3) / 4)
    reorder = try Reorder(from: try describe(primitive.shape.weights, dnnl_oihw, .f32), to: layout, engine: engine)
  }

  func fits(_ primitive: InferencePrimitive) -> Bool { isSame(layout, primitive.weights) }

  func pack(_ weights: UnsafeMutablePointer<Float>, _ workspace: Workspace) throws {
    try reorder.run(workspace, from: weights, to: values.pointer)
    isStale = false
  }
}

/// A batch norm by its running statistics: a scale and a shift a channel.
final class FoldedNorm {
  let channels: Int
  private let norm: BatchNorm
  private let statistics: ChannelStatistics
  private let coefficients: FloatBuffer

  /// - Parameter statistics: of the map that the norm reads.
  init(_ norm: BatchNorm, _ statistics: ChannelStatistics) throws {
    (self.norm, self.statistics, channels) = (norm, statistics, norm.channels)
    coefficients = try FloatBuffer(2 * channels)
  }

  var scale: UnsafeMutablePointer<Float> { coefficients.pointer }
  var shift: UnsafeMutablePointer<Float> { coefficients.pointer + channels }

  func refresh() throws {
    try norm.prepare(statistics, count: 1, Pass(batch: 1, training: false))
    scale.update(from: norm.scale, count: channels)
    shift.update(from: norm.shift, count: channels)
  }
}
