/// The bytes that a network will take for a pass, before it takes them.
///
/// Layers add what ``NetworkLayer/prepare(_:)`` and the pass will reserve. Buffers that layers share count once, at their
/// largest; so does each thread's scratch.
public struct MemoryEstimate: Sendable {
  private var own = 0
  private var shared: [ObjectIdentifier: Int] = [:]
  private var scratch: [Workspace.Slot: Int] = [:]
  private let threads: Int
  let precision: Precision

  public init(_ context: ComputeContext) { (threads, precision) = (context.threadCount, context.precision) }

  public var bytes: Int {
    func total(_ sizes: some Sequence<Int>) -> Int { sizes.reduce(0) { $0 + FloatBuffer.footprint($1) } }
    return own + total(shared.values) + threads * total(scratch.values)
  }

  mutating func add(floats: Int) { own += 4 * floats }

  mutating func add(activations: Int) { own += precision.size * activations }

  /// A buffer that several layers name.
  mutating func share(_ buffer: AnyObject, bytes: Int) {
    shared[ObjectIdentifier(buffer)] = max(bytes, shared[ObjectIdentifier(buffer)] ?? 0)
  }

  mutating func scratch(_ slot: Workspace.Slot, floats: Int = 0, activations: Int = 0) {
    scratch[slot] = max(4 * floats + precision.size * activations, scratch[slot] ?? 0)
  }

  /// A convolution's packed weights, its threads' gradients, and what oneDNN asks for while it runs.
  mutating func add(_ convolution: Convolution, backward: Bool, _ algorithm: ConvolutionShape.Algorithm, pixels: Int) {
    let shape = convolution.shape
    let weights = shape.weights.reduce(1, *)
    if algorithm == .ownWinograd {
      let points = WinogradPoint.count * shape.inputChannels * shape.outputChannels
      add(floats: backward ? 2 * points : points)
      scratch(.primitive, floats: WinogradConvolution.scratchFloats(shape.inputChannels, shape.outputChannels))
      if backward, convolution.weight.trainable { scratch(.weightGradient, floats: points) }
      return
    }
    add(activations: backward ? 2 * weights : weights)
    if backward, convolution.weight.trainable {
      add(floats: threads * weights)
      scratch(.weightGradient, floats: weights)
    }
    guard algorithm == .winograd else { return }
    // Tiles of 4×4 outputs become 6×6 values a channel, as do the weights.
    let channels = shape.inputChannels + shape.outputChannels
    scratch(.primitive, floats: pixels * channels * 36 / 16 + 4 * weights)
  }
}
