import SentryThreads
import Testing

@testable import EmotionDenseNet
@testable import SentryNN

/// Folded inference against the layers' own passes in evaluation mode, which the golden tests compare with PyTorch.
@Suite(.serialized) struct InferenceTests {
  private func network(size: Int, threads: Int = 2, precision: Precision = .f32) throws -> EmotionNet {
    var options = EmotionNet.Options()
    (options.imageSize, options.precision, options.forcesPrecision) = (size, precision, true)
    let network = try EmotionNet(options, executor: try ThreadPool(threadCount: threads))
    fillState(network.parameters, network.buffers, seed: 1000)
    network.parametersChanged()
    return network
  }

  private func folded(_ network: EmotionNet, _ images: [Float], _ batch: Int) throws -> [Float] {
    let output = try network.forward(input: images, batch: batch, training: false)
    return Array(UnsafeBufferPointer(start: output.logits, count: batch * 6))
  }

  /// Batch norms one by one and nothing folded.
  private func unfolded(_ network: EmotionNet, _ images: [Float], _ batch: Int) throws -> [Float] {
    let (layers, pass) = (network.backbone.layers, Pass(batch: batch, training: false))
    for layer in layers { try layer.prepare(pass) }
    try network.head.prepare(batch: batch)
    try layers.packWeights(network.context)
    try network.backbone.stem.load(images, batch: batch)
    for layer in layers { try layer.forward(pass) }
    _ = try network.head.forward(network.backbone.pooling.features.pointer, batch: batch, seed: nil)
    return Array(UnsafeBufferPointer(start: network.head.logits.pointer, count: batch * 6))
  }

  private func images(_ batch: Int, _ size: Int) -> [Float] {
    uniform(UInt64(70 + size), batch * size * size, -1.5, 1.5)
  }

  private func relative(_ a: [Float], _ b: [Float]) -> Double {
    largestDifference(a, b) / Double(b.map(abs).max() ?? 0)
  }

  // 224 and 130 have Winograd's convolutions; 5 and 33 images leave a group that is not full; three threads share seven rows.
  @Test(arguments: [
    (32, 1, 2), (32, 33, 2), (48, 64, 2), (75, 5, 1), (75, 1, 3), (130, 2, 3), (130, 1, 1), (224, 1, 2), (224, 1, 3),
    (224, 5, 2),
  ])
  func agreesWithTheLayersThemselves(_ size: Int, _ batch: Int, _ threads: Int) throws {
    let network = try network(size: size, threads: threads)
    let input = images(batch, size)
    let expected = try unfolded(network, input, batch)
    let difference = relative(try folded(network, input, batch), expected)
    #expect(difference < 1e-5, "\(difference)")
    #expect(network.implementations.allSatisfy { !$0.contains("ref") }, "\(network.implementations)")
  }

  @Test func winogradIsUsedWhereItWins() throws {
    let network = try network(size: 224)
    _ = try folded(network, images(1, 224), 1)
    let usesWinograd = network.implementations.contains { $0.contains("wino") }
    #expect(usesWinograd, "\(network.implementations)")
  }

  @Test(.enabled(if: PrecisionTests.hasBFloat16, "this CPU has no AVX-512"), arguments: [(48, 1), (224, 1), (64, 9)])
  func bfloat16IsNear(_ size: Int, _ batch: Int) throws {
    let (exact, rounded) = (try network(size: size), try network(size: size, precision: .bf16))
    let input = images(batch, size)
    let (expected, got) = (try folded(exact, input, batch), try folded(rounded, input, batch))
    let difference = distance(got, expected)
    #expect(difference < 0.02, "\(difference)")
    let isRounded = rounded.context.level == .avx512bf16
    #expect((difference > 1e-6) == isRounded, "f32 takes the place of what would be emulated: \(difference)")
    #expect(rounded.implementations.allSatisfy { !$0.contains("ref") }, "\(rounded.implementations)")
  }

  @Test func foldsAgainAfterATrainingStep() throws {
    let network = try network(size: 32)
    let input = images(8, 32)
    let before = try folded(network, input, 8)
    // A forward pass alone moves the running statistics.
    _ = try network.forward(input: input, batch: 8, training: true)
    let afterStatistics = try folded(network, input, 8)
    #expect(relative(afterStatistics, before) > 1e-4)
    #expect(relative(afterStatistics, try unfolded(network, input, 8)) < 1e-5)
    let weight = try #require(network.parameters.first { $0.name.hasSuffix("denselayer3.conv2.weight") })
    for index in 0..<weight.count { weight.value[index] *= 2 }
    network.parametersChanged()
    let afterWeights = try folded(network, input, 8)
    #expect(relative(afterWeights, afterStatistics) > 1e-4)
    #expect(relative(afterWeights, try unfolded(network, input, 8)) < 1e-5)
  }

  @Test(arguments: [1, 2, 3, 7, 56, 112]) func bandsCoverAllRows(_ height: Int) {
    for parts in 1...4 {
      for (kernel, stride, padding) in [(3, 1, 1), (7, 2, 3)] {
        let outputs = (height + 2 * padding - kernel) / stride + 1
        let bands = Band.split(
          height: height, outputHeight: outputs, kernel: kernel, stride: stride, padding: padding, parts: parts)
        #expect(bands.flatMap { Array($0.outputs) } == Array(0..<outputs))
        for band in bands {
          let made = (band.inputs.count + band.top + band.bottom - kernel) / stride + 1
          #expect(made == band.outputs.count)
        }
      }
    }
  }

  @Test(arguments: [1, 9, 49, 196, 784, 3136, 3249]) func stripsCoverAllPixels(_ pixels: Int) {
    for threads in 1...3 {
      let strips = PixelStrips(pixels, threads: threads)
      #expect((0..<strips.count).reduce(0) { $0 + strips.valid($1) } == pixels)
      #expect((0..<strips.count).allSatisfy { strips.valid($0) > 0 })
      #expect(strips.length <= 392)
    }
  }
}
