import CSentryKernels

/// What the plans of a network share: primitives by shape, folded weights and norms.
final class InferenceStore {
  let precision: Precision
  let kernels: sentry_inference_kernels
  private let context: ComputeContext
  private var primitives: [InferenceShape: InferencePrimitive] = [:]
  private var convolutions: [ObjectIdentifier: FoldedConvolution] = [:]
  private var norms: [ObjectIdentifier: FoldedNorm] = [:]
  /// In order of the network.
  private var (allConvolutions, allNorms): ([FoldedConvolution], [FoldedNorm]) = ([], [])
  private var isStale = false
  private var ownImplementations: Set<String> = []

  init(_ context: ComputeContext) {
    // Where bfloat16 would be emulated, f32 is faster; and oneDNN 2.6's emulation was met with wrong results for one image of 48×48.
    precision = context.level == .avx512bf16 ? context.precision : .f32
    self.context = context
    kernels = context.level.inferenceKernels(precision)
  }

  var winograd: ConvolutionShape.Algorithm? { context.level.winograd(precision) }

  func exists(_ shape: InferenceShape) -> Bool { (try? primitive(shape)) != nil }

  func primitive(_ shape: InferenceShape) throws -> InferencePrimitive {
    if let known = primitives[shape] { return known }
    let built = try InferencePrimitive(shape, engine: context.engine, threadCount: context.threadCount)
    primitives[shape] = built
    return built
  }

  func weights(_ convolution: Convolution, _ norm: FoldedNorm?, for primitive: InferencePrimitive) throws
    -> PackedInferenceWeights
  {
    try folded(convolution, norm).packed(for: primitive, context.engine)
  }

  /// The convolution in our own Winograd's form.
  func winograd(_ convolution: Convolution) throws -> WinogradConvolution {
    let made = try folded(convolution, nil).winograd(context)
    ownImplementations.insert(made.implementation)
    return made
  }

  private func folded(_ convolution: Convolution, _ norm: FoldedNorm?) throws -> FoldedConvolution {
    isStale = true
    let key = ObjectIdentifier(convolution)
    if let known = convolutions[key] { return known }
    let folded = try FoldedConvolution(convolution, norm: norm)
    convolutions[key] = folded
    allConvolutions.append(folded)
    return folded
  }

  func norm(_ norm: BatchNorm, _ statistics: ChannelStatistics) throws -> FoldedNorm {
    if let known = norms[ObjectIdentifier(norm)] { return known }
    let folded = try FoldedNorm(norm, statistics)
    norms[ObjectIdentifier(norm)] = folded
    allNorms.append(folded)
    return folded
  }

  /// Parameters or running statistics have changed.
  func changed() {
    isStale = true
    for convolution in allConvolutions { convolution.changed() }
  }

  /// Folds and packs again what is stale.
  func refresh() throws {
    guard isStale else { return }
    for norm in allNorms { try norm.refresh() }
    // Dealt like cards, as threads take contiguous parts and the large weights lie together at the end.
    let (threads, all) = (context.threadCount, allConvolutions)
    let dealt = (0..<threads).flatMap { stride(from: $0, to: all.count, by: threads).map { all[$0] } }
    try context.run(dealt.count) { index, workspace in
      try workspace.timed(.weightPacking) { try dealt[index].refresh(workspace) }
    }
    isStale = false
  }

  /// Names of the implementations behind all convolutions.
  var implementations: Set<String> { ownImplementations.union(primitives.values.map(\.implementation)) }
}
