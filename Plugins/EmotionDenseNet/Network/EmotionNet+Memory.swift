import SentryModels
import SentryNN

extension EmotionNet: MemoryEstimatingNetwork {
  public func estimatedBytes(batch: Int, training: Bool) -> Int {
    guard training else { return 4 * Self.inferenceFloats(imageSize: options.imageSize) * batch + Self.fixedBytes }
    // The host counts parameters, gradients and the optimiser's two states itself.
    let counted = parameters.reduce(0) { $0 + (2 + ($1.trainable ? 2 : 0)) * $1.count }
    return max(0, estimatedTrainingBytes(batch: batch) - 4 * counted)
  }

  /// What does not grow with the batch: packed weights, scratch, and what huge pages round up.
  private static let fixedBytes = 4 * DenseNet121.parameterCount + (80 << 20)

  /// The values of one image: the picture, the stem's two results, the maps of the four blocks.
  private static func inferenceFloats(imageSize: Int) -> Int {
    let stem = (imageSize - 1) / 2 + 1
    let first = (stem - 1) / 2 + 1
    let maps = [256, 512, 1024, 1024].enumerated().map { block, channels in
      let side = max(1, first >> block)
      return side * side * channels
    }
    return imageSize * imageSize + (stem * stem + first * first) * 64 + maps.reduce(0, +)
  }
}
