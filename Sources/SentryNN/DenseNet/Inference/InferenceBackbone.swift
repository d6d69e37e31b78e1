/// A network's layers for inference: batch norms folded into the convolutions before them, ReLU in the convolution, nothing kept.
///
/// One image is shared by all threads; of many, each thread takes groups of its own from input to features. Folded weights are
/// made again only after ``parametersChanged()``.
public final class InferenceBackbone {
  private let layers: [any NetworkLayer]
  /// Behind the layers, where they do not end with pooled features.
  private let end: MapHandOver?
  private let context: ComputeContext
  private let store: InferenceStore
  private let (inputCount, outputCount): (Int, Int)
  private var plans: [PlanKey: InferencePlan] = [:]
  private var memories: [PlanKey: [InferenceMemory]] = [:]

  private struct PlanKey: Hashable {
    let images, threads: Int
  }

  /// - Parameters:
  ///   - layers: from a ``Stem`` to a ``FinalPooling``.
  ///   - inputCount: values of one image.
  ///   - outputCount: features of one image.
  public convenience init(
    _ layers: [any NetworkLayer], inputCount: Int, outputCount: Int, context: ComputeContext
  ) {
    self.init(layers, handingOver: nil, inputCount: inputCount, outputCount: outputCount, context: context)
  }

  /// - Parameter map: the last layer is a ``Transition`` to it, and its values are the outputs, [pixels][channels].
  init(
    _ layers: [any NetworkLayer], handingOver map: FeatureMap?, inputCount: Int, outputCount: Int,
    context: ComputeContext
  ) {
    (self.layers, self.context) = (layers, context)
    (self.inputCount, self.outputCount) = (inputCount, outputCount)
    end = map.map { MapHandOver(map: $0, channels: outputCount / $0.pixelsPerImage) }
    store = InferenceStore(context)
  }

  /// Parameters or running statistics have changed since the last pass.
  public func parametersChanged() { store.changed() }

  /// - Parameters:
  ///   - images: [batch][inputCount]
  ///   - features: gets [batch][outputCount]
  public func forward(_ images: UnsafePointer<Float>, batch: Int, into features: UnsafeMutablePointer<Float>) throws {
    let key = key(batch)
    let plan = try plan(key)
    try store.refresh()
    let memories = try memories(key, plan)
    if key.threads > 1 {
      for image in 0..<batch {
        memories[0].input = images + image * inputCount
        memories[0].output = features + image * outputCount
        for phase in plan.phases {
          try context.run(phase.pieces) { piece, workspace in try phase.run(piece, memories[0], workspace) }
        }
      }
      return
    }
    try context.run((batch + key.images - 1) / key.images) { group, workspace in
      let (memory, first) = (memories[workspace.thread], group * key.images)
      let valid = min(key.images, batch - first)
      let isFull = valid == key.images
      memory.input = images + first * inputCount
      memory.output = features + first * outputCount
      if !isFull { try memory.fillUp(valid, of: key.images, inputCount, outputCount) }
      for phase in plan.phases {
        for piece in 0..<phase.pieces { try phase.run(piece, memory, workspace) }
      }
      if !isFull { (features + first * outputCount).update(from: memory.output, count: valid * outputCount) }
    }
  }

  /// oneDNN's names of the implementations behind all primitives built so far.
  public var implementations: Set<String> { store.implementations }

  /// Input values of a group: enough pixels to fill the strips of small maps, few enough that large ones stay in cache.
  private static let groupValues = 2 * 224 * 224

  private func key(_ batch: Int) -> PlanKey {
    guard batch >= context.threadCount else { return PlanKey(images: 1, threads: context.threadCount) }
    let limit = max(1, min(Self.groupValues / inputCount, batch / context.threadCount))
    // Few sizes, so that few primitives are built.
    var images = 1
    while images * 2 <= limit { images *= 2 }
    return PlanKey(images: images, threads: 1)
  }

  private func plan(_ key: PlanKey) throws -> InferencePlan {
    if let known = plans[key] { return known }
    let plan = try InferencePlan(images: key.images, threads: key.threads, layers, end: end, store)
    plans[key] = plan
    return plan
  }

  /// Each thread's maps and the packed weights, without building anything.
  func estimate(_ batch: Int, _ memory: inout MemoryEstimate) {
    let key = key(batch)
    let maps = layers.reduce(into: [ObjectIdentifier: Int]()) { maps, layer in
      guard let map = (layer as? Stem)?.output ?? (layer as? Transition)?.output else { return }
      maps[ObjectIdentifier(map)] = map.pixelsPerImage * map.channels
    }
    let side = (layers.first as? Stem)?.convolvedSize ?? 0
    let values = maps.values.reduce(side * side * Stem.channels, +)
    memory.add(floats: (key.threads > 1 ? 1 : context.threadCount) * key.images * values)
    for convolution in layers.flatMap(\.convolutions) {
      // At the points of our own Winograd's convolution there are 36 weights for nine.
      let points = convolution.shape.kernel == 3 && store.winograd == .ownWinograd ? 4 : 1
      memory.add(activations: points * convolution.weight.count)
    }
  }

  private func memories(_ key: PlanKey, _ plan: InferencePlan) throws -> [InferenceMemory] {
    if let known = memories[key] { return known }
    let made = try (0..<(key.threads > 1 ? 1 : context.threadCount)).map { _ in try InferenceMemory(plan) }
    memories[key] = made
    return made
  }
}
