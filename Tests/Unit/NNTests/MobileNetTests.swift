import SentryThreads
import Testing

@testable import SentryNN

/// The layers of small image networks against plain loops and against differences of their own forward pass.
@Suite struct MobileNetTests {
  private static func context(_ threads: Int = 2) throws -> ComputeContext {
    try ComputeContext(executor: try ThreadPool(threadCount: threads), maximumChannels: 64)
  }

  private static func randoms(_ seed: UInt64, _ count: Int) -> [Float] {
    var random = RandomStream(seed: seed)
    return (0..<count).map { _ in Float(random.normal()) }
  }

  /// Kernels of 3 and 5, strides of 1 and 2, odd and even sides, sides below the kernel.
  @Test(arguments: [(3, 1, 7, 5), (3, 2, 7, 6), (5, 1, 6, 9), (5, 2, 9, 8), (5, 2, 2, 1), (3, 1, 1, 1)])
  func depthwiseIsThePlainSum(_ kernel: Int, _ stride: Int, _ height: Int, _ width: Int) throws {
    let (channels, batch) = (24, 3)
    let (context, arena) = (try Self.context(), ParameterArena())
    let input = ImageMap(channels: channels, height: height, width: width)
    let convolution = DepthwiseConvolution(
      "filter", from: input, kernel: kernel, stride: stride, context: context, in: arena)
    try arena.seal()
    let output = convolution.output
    try input.reserve(batch)
    try output.reserve(batch)
    let (x, w) = (Self.randoms(1, input.count(batch)), Self.randoms(2, convolution.weight.count))
    let upstream = Self.randoms(3, output.count(batch))
    input.pointer.update(from: x, count: x.count)
    convolution.weight.value.update(from: w, count: w.count)
    try convolution.prepare(Pass(batch: batch, training: true))
    let seen = FloatBuffer()
    try seen.reserve(batch * output.pixelsPerImage)
    try convolution.forward(batch: batch) { pixels, _ in for pixel in pixels { seen.pointer[pixel] += 1 } }
    #expect((0..<batch * output.pixelsPerImage).allSatisfy { seen.pointer[$0] == 1 })
    let (gradient, dx) = (try FloatBuffer(copying: upstream), try FloatBuffer(x.count))
    try convolution.backward(gradient.pointer, into: dx.pointer, batch: batch)

    var y = [Float](repeating: 0, count: upstream.count)
    var (wanted, weights) = ([Float](repeating: 0, count: x.count), [Float](repeating: 0, count: w.count))
    for image in 0..<batch {
      for row in 0..<output.height {
        for column in 0..<output.width {
          for tap in 0..<kernel * kernel {
            let (line, place) = (
              row * stride + tap / kernel - kernel / 2, column * stride + tap % kernel - kernel / 2
            )
            guard (0..<height).contains(line), (0..<width).contains(place) else { continue }
            for channel in 0..<channels {
              let from = ((image * height + line) * width + place) * channels + channel
              let to = ((image * output.height + row) * output.width + column) * channels + channel
              let weight = channel * kernel * kernel + tap
              y[to] += x[from] * w[weight]
              wanted[from] += upstream[to] * w[weight]
              weights[weight] += upstream[to] * x[from]
            }
          }
        }
      }
    }
    func worst(_ a: UnsafePointer<Float>, _ b: [Float]) -> Float {
      b.indices.reduce(0) { max($0, abs(a[$1] - b[$1])) }
    }
    #expect(worst(output.pointer, y) < 1e-4)
    #expect(worst(dx.pointer, wanted) < 1e-4)
    #expect(worst(convolution.weight.gradient, weights) < 1e-3)
  }

  /// Both kernels, with and without excitation, expansion and the sum with the input. ReLU, whose kink spoils differences, is in the
  /// golden tests.
  private static let blocks = [
    InvertedResidual.Shape(kernel: 3, expanded: 8, channels: 8, excites: true, activation: .hardSwish, stride: 2),
    InvertedResidual.Shape(kernel: 3, expanded: 24, channels: 16, excites: false, activation: .hardSwish, stride: 1),
    InvertedResidual.Shape(kernel: 5, expanded: 40, channels: 16, excites: true, activation: .hardSwish, stride: 1),
    InvertedResidual.Shape(kernel: 5, expanded: 16, channels: 16, excites: true, activation: .hardSwish, stride: 1),
  ]

  @Test(arguments: [1, 2]) func gradientsAreDifferences(threads: Int) throws {
    let (context, arena, batch, size) = (try Self.context(threads), ParameterArena(), 6, 19)
    let net = try MobileNet(
      "net", size: size, stemChannels: 8, blocks: Self.blocks, features: 32,
      norm: BatchNorm.Settings(epsilon: 0.001, momentum: 0.01), context: context, in: arena)
    try arena.seal()
    var random = RandomStream(seed: 5)
    for parameter in arena.parameters {
      if parameter.shape.count == 4 {
        parameter.fillKaimingNormal(&random)
      } else {
        // So scaled, no value comes near a kink of hard swish or hard sigmoid, and few behind fc1 near that of ReLU.
        let low = parameter.name.hasSuffix("weight") ? 0.3 : parameter.name.hasSuffix("fc1.bias") ? 0.6 : -0.2
        for index in 0..<parameter.count { parameter.value[index] = Float(low + 0.4 * random.uniform()) }
      }
    }
    let (x, weights) = (Self.randoms(6, batch * size * size), Self.randoms(7, batch * 32))
    let pass = Pass(batch: batch, training: true)
    func loss() throws -> Double {
      net.parametersChanged()
      try net.forward(x, pass)
      return weights.indices.reduce(0) { $0 + Double(net.pooling.features.pointer[$1]) * Double(weights[$1]) }
    }
    _ = try loss()
    arena.clearGradients()
    net.pooling.featureGradient.pointer.update(from: weights, count: weights.count)
    try net.backward(pass, ready: nil)
    let gradients = arena.parameters.map { Array(UnsafeBufferPointer(start: $0.gradient, count: $0.count)) }
    func norm(_ values: [Float]) -> Double { values.reduce(0) { $0 + Double($1) * Double($1) }.squareRoot() }
    let largest = gradients.map(norm).max() ?? 0
    for (parameter, gradient) in zip(arena.parameters, gradients) {
      // A constant that a block adds to a channel: the batch norms of all its readers take it away again.
      if Self.cancels(parameter.name) {
        #expect(norm(gradient) < 1e-4 * largest, "\(parameter.name)")
        continue
      }
      let origin = Array(UnsafeBufferPointer(start: parameter.value, count: parameter.count))
      let (length, step) = (norm(gradient), 2e-3 * norm(origin))
      try #require(length > 1e-4 * largest, "\(parameter.name) has no gradient to test")
      func moved(_ sign: Double) throws -> Double {
        for index in origin.indices {
          parameter.value[index] = Float(Double(origin[index]) + sign * step * Double(gradient[index]) / length)
        }
        return try loss()
      }
      let slope = (try moved(1) - moved(-1)) / (2 * step)
      parameter.value.update(from: origin, count: origin.count)
      #expect(abs(slope / length - 1) < 0.02, "\(parameter.name): differences \(slope), gradient \(length)")
      #expect(abs(slope / (1.05 * length) - 1) > 0.02, "\(parameter.name): a factor of 1.05 must be noticed")
    }
  }

  /// Biases behind the projections that only a 1×1 convolution before a batch norm reads.
  private static func cancels(_ name: String) -> Bool {
    ["features.1.block.2.1.bias", "features.4.block.2.1.bias"].contains { name.hasSuffix($0) }
  }

  /// A quarter, to a multiple of 8, as torchvision rounds.
  @Test(arguments: [(16, 8), (96, 24), (240, 64), (120, 32), (144, 40), (288, 72), (576, 144)])
  func theSqueezedChannels(_ expanded: Int, _ squeezed: Int) {
    let shape = InvertedResidual.Shape(
      kernel: 3, expanded: expanded, channels: 8, excites: true, activation: .relu, stride: 1)
    #expect(shape.squeezed == squeezed)
  }

  /// In training every map is kept; in evaluation a batch passes in parts.
  @Test func theEstimateGrowsWithTheBatch() throws {
    let (context, arena) = (try Self.context(), ParameterArena())
    let net = try MobileNet(
      "net", size: 64, stemChannels: 8, blocks: Self.blocks, features: 32, norm: BatchNorm.Settings(),
      context: context, in: arena)
    func bytes(_ batch: Int, training: Bool) -> Int {
      var memory = MemoryEstimate(context)
      net.estimate(Pass(batch: batch, training: training), &memory)
      return memory.bytes
    }
    #expect(bytes(64, training: true) > 30 * bytes(2, training: true) / 2)
    #expect(bytes(64, training: false) < 2 * bytes(16, training: false))
  }
}
