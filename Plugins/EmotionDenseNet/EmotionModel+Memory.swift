import SentryNN
import SentryPluginAPI

extension EmotionModel: MemoryEstimatingModel {
  func estimatedBytes(batchSize: Int, training: Bool) -> Int {
    // The border gives any number; beyond this no machine has the memory.
    let batch = min(max(batchSize, 0), 1 << 20)
    let shape = NetworkShape(imageSize: net.options.imageSize)
    let floats = training ? shape.trainingFloats(firstTrained: firstTrainedBlock) : shape.inferenceFloats
    return 4 * floats * batch + fixedBytes(shape, training: training)
  }

  /// The first dense block that has a backward pass: what lies before keeps no bottlenecks.
  private var firstTrainedBlock: Int {
    let trained = parameters.filter { $0.role == .trainable }.map(\.name)
    if trained.contains(where: { $0.contains("features.conv0") || $0.contains("features.norm0") }) { return 0 }
    return (0..<4).first { block in
      trained.contains { $0.contains("denseblock\(block + 1).") || $0.contains("transition\(block + 1).") }
    } ?? 4
  }

  /// What does not grow with the batch: weights packed for both passes, each thread's sum of weight gradients and its scratch,
  /// and what huge pages round up.
  private func fixedBytes(_ shape: NetworkShape, training: Bool) -> Int {
    let threads = net.context.executor.threadCount
    let weights = 4 * DenseNet121.parameterCount
    let scratch = threads * (16 << 20) + 4 * threads * shape.stemPixels * 64
    return (training ? (2 + threads) * weights : weights) + scratch + (48 << 20)
  }
}

/// How many values the layers of DenseNet-121 keep for one image.
private struct NetworkShape {
  /// Height times width of the image, behind the stem's convolution, and of the four blocks.
  let imagePixels: Int
  let stemPixels: Int
  let blockPixels: [Int]
  static let blockChannels = [256, 512, 1024, 1024]
  static let bottleneckChannels = 128

  init(imageSize: Int) {
    let stem = (imageSize - 1) / 2 + 1
    let first = (stem - 1) / 2 + 1
    (imagePixels, stemPixels) = (imageSize * imageSize, stem * stem)
    blockPixels = (0..<4).map { max(1, first >> $0) * max(1, first >> $0) }
  }

  private var maps: [Int] { zip(blockPixels, Self.blockChannels).map { $0 * $1 } }
  private var stem: Int { imagePixels + (stemPixels + blockPixels[0]) * 64 }

  var inferenceFloats: Int { stem + maps.reduce(0, +) + blockPixels[0] * Self.bottleneckChannels }

  /// Maps, the two gradients that blocks take turns in, every bottleneck that a backward pass reads, and the gradient of one.
  func trainingFloats(firstTrained: Int) -> Int {
    let layers = DenseNet121.layersPerBlock
    let kept = (0..<4).filter { $0 >= firstTrained }
      .reduce(0) { $0 + blockPixels[$1] * layers[$1] * Self.bottleneckChannels }
    let reached = maps.enumerated().map { $0 + 1 >= firstTrained ? $1 : 0 }
    let gradients = max(reached[0], reached[2]) + max(reached[1], reached[3])
    return stem + maps.reduce(0, +) + kept + gradients + 2 * blockPixels[0] * Self.bottleneckChannels
  }
}
