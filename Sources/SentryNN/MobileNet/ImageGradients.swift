/// Where the gradients of maps stand during a backward pass. Only those of two neighbours are alive at a time, and beside them, within
/// a block, that of the block's result.
public final class ImageGradients {
  /// Between blocks.
  let trunk = FloatBuffer()
  /// Within a block, in turns.
  let (first, second) = (FloatBuffer(), FloatBuffer())

  public init() {}

  /// Makes room for the gradient of a map.
  func reserve(_ map: ImageMap, _ batch: Int) throws {
    for buffer in [trunk, first, second] { try buffer.reserve(map.count(batch)) }
  }

  func estimate(_ map: ImageMap, _ batch: Int, _ memory: inout MemoryEstimate) {
    for buffer in [trunk, first, second] { memory.share(buffer, bytes: 4 * map.count(batch)) }
  }
}
