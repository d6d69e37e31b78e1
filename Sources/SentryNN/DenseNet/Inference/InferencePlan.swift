import CSentryKernels

/// A part of a layer's work on a group of images: pieces that depend on none of their kind, so that threads may share them.
struct Phase {
  let pieces: Int
  let run: (_ piece: Int, _ memory: InferenceMemory, _ workspace: Workspace) throws -> Void
}

/// What a group of images needs while it passes through the network.
final class InferenceMemory {
  /// [images][size][size]
  var input: UnsafePointer<Float>
  /// [images][channels] of the last layer
  var output: UnsafeMutablePointer<Float>
  let maps: [FloatBuffer]
  /// Between two phases of a layer.
  let between = FloatBuffer()
  private let (spareInput, spareOutput) = (FloatBuffer(), FloatBuffer())

  init(_ plan: InferencePlan) throws {
    maps = try plan.mapFloats.map { try FloatBuffer($0) }
    try between.reserve(plan.betweenFloats)
    (input, output) = (UnsafePointer(between.pointer), between.pointer)
  }

  /// Makes `valid` images of input a whole group in memory of its own, and gives that group's results a place.
  func fillUp(_ valid: Int, of images: Int, _ inputCount: Int, _ outputCount: Int) throws {
    try spareInput.reserve(images * inputCount)
    try spareOutput.reserve(images * outputCount)
    spareInput.pointer.update(from: input, count: valid * inputCount)
    (input, output) = (UnsafePointer(spareInput.pointer), spareOutput.pointer)
  }
}

/// The phases of a network for groups of `images`, each shared by `threads` threads: for a single image all of them, for many
/// groups one, which then keeps its group in its own cache.
final class InferencePlan {
  let images: Int
  let threads: Int
  let precision: Precision
  let kernels: sentry_inference_kernels
  private(set) var phases: [Phase] = []
  private(set) var mapFloats: [Int] = []
  private(set) var betweenFloats = 16
  private let store: InferenceStore
  private var mapNumbers: [ObjectIdentifier: Int] = [:]

  /// - Parameter end: what stands behind the layers.
  init(images: Int, threads: Int, _ layers: [any NetworkLayer], end: MapHandOver?, _ store: InferenceStore) throws {
    (self.images, self.threads, self.store) = (images, threads, store)
    (precision, kernels) = (store.precision, store.kernels)
    for layer in layers {
      guard let layer = layer as? any InferenceLayer else {
        throw NNError(.invalidState, "\(type(of: layer)) has no form for inference", hint: "report this")
      }
      try layer.plan(self)
    }
    try end?.plan(self)
  }

  func add(pieces: Int, _ run: @escaping (Int, InferenceMemory, Workspace) throws -> Void) {
    phases.append(Phase(pieces: pieces, run: run))
  }

  /// The number of a layer's map among ``InferenceMemory/maps``.
  func map(_ map: FeatureMap) throws -> Int {
    if let known = mapNumbers[ObjectIdentifier(map)] { return known }
    mapNumbers[ObjectIdentifier(map)] = mapFloats.count
    mapFloats.append(images * map.pixelsPerImage * map.channels)
    return mapFloats.count - 1
  }

  func reserveBetween(_ floats: Int) { betweenFloats = max(betweenFloats, floats) }

  func norm(_ norm: BatchNorm, _ statistics: ChannelStatistics) throws -> FoldedNorm {
    try store.norm(norm, statistics)
  }

  /// A convolution of `shape` with the weights of `convolution`, and of the norm behind it.
  func convolution(_ convolution: Convolution, norm: FoldedNorm? = nil, _ shape: InferenceShape) throws
    -> PlannedConvolution
  {
    let primitive = try store.primitive(shape)
    return PlannedConvolution(primitive: primitive, weights: try store.weights(convolution, norm, for: primitive))
  }

  /// Our own Winograd's convolution of so many tiles where it wins, else nil.
  func ownWinograd(_ convolution: Convolution, _ tiles: WinogradTiles) throws -> WinogradConvolution? {
    store.winograd == .ownWinograd && tiles.areWorthwhile(parts: threads) ? try store.winograd(convolution) : nil
  }

  /// oneDNN's where it wins and there is one for all shapes, else nil: 3×3, f32, and not for small maps.
  func winograd(_ shapes: [InferenceShape]) throws -> [InferenceShape]? {
    guard precision == .f32, store.winograd == .winograd else { return nil }
    let wanted = shapes.map { shape in
      var shape = shape
      shape.algorithm = .winograd
      return shape
    }
    for shape in wanted where !store.exists(shape) { return nil }
    return wanted
  }
}

struct PlannedConvolution {
  let primitive: InferencePrimitive
  let weights: PackedInferenceWeights

  func run(_ source: UnsafeMutableRawPointer, into destination: UnsafeMutableRawPointer, _ workspace: Workspace) throws
  {
    try primitive.run(workspace, source: source, weights: weights, destination: destination)
  }
}

/// A layer that can run folded.
protocol InferenceLayer {
  func plan(_ plan: InferencePlan) throws
}
