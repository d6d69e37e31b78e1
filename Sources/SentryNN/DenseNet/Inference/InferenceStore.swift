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

  init(_ context: ComputeContext) {
    // Where bfloat16 would be emulated, f32 is faster; and oneDNN 2.6's emulation was met with wrong results for one image of 48×48.
    precision = context.level == .avx512bf16 ? context.precision : .f32
    self.context = context
    kernels = context.level.inferenceKernels(precision)
  }

  var hasWinograd: Bool { context.level.hasWinograd }

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
    isStale = true
    let key = ObjectIdentifier(convolution)
    if let known = convolutions[key] { return try known.packed(for: primitive, context.engine) }
    let folded = try FoldedConvolution(convolution, norm: norm)
    convolutions[key] = folded
    allConvolutions.append(folded)
    return try folded.packed(for: primitive, context.engine)
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

  /// oneDNN's names of the implementations behind all primitives.
  var implementations: Set<String> { Set(primitives.values.map(\.implementation)) }
}
