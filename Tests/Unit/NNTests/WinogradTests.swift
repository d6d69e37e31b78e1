import CSentryKernels
import SentryThreads
import Testing

@testable import SentryNN

/// Our own Winograd's convolution against plain sums in double, whatever level the CPU has.
@Suite struct WinogradTests {
  private let inputs = 48
  private let outputs = 32

  /// Edges of every kind: tiles cut off below and to the right, one tile alone, more tiles than a part has.
  @Test(arguments: [(1, 4, 4), (2, 5, 7), (3, 6, 3), (1, 1, 9), (2, 23, 18)], [1, 2])
  func allDirections(_ place: (Int, Int, Int), _ threads: Int) throws {
    let (images, height, width) = place
    let setting = try Setting(inputs, outputs, images, height, width, threads)
    let plain = setting.plainSums()
    let got = try setting.run()
    for (name, values) in plain {
      let own = try #require(got[name])
      let error = distance(own, values)
      #expect(error < 4e-6, "\(name): \(error)")
      #expect(abs(error - distance(own.map { 1.05 * $0 }, values)) > 0.01, "\(name): a factor of 1.05 must be noticed")
    }
  }

  @Test func partsCoverTheirRange() {
    for range in [0..<0, 0..<1, 3..<55, 0..<53, 7..<400] {
      let parts = WinogradTiles.parts(of: range)
      #expect(parts.flatMap { Array($0) } == Array(range))
      #expect(parts.allSatisfy { !$0.isEmpty && $0.count <= 52 })
    }
  }

  @Test func itIsForWhereItMultipliesLess() {
    func algorithm(_ side: Int, _ images: Int) -> ConvolutionShape.Algorithm {
      ImageGroups(images: images, height: side, width: side, threads: 2, winograd: .ownWinograd).algorithm
    }
    for side in [56, 28, 14, 12, 7, 6, 3] { #expect(algorithm(side, 64) == .ownWinograd, "\(side)") }
    for side in [5, 2, 1] { #expect(algorithm(side, 64) == .direct, "\(side)") }
    #expect(algorithm(7, 2) == .direct)
    #expect(ImageGroups(images: 64, height: 56, width: 56, threads: 2, winograd: nil).algorithm == .direct)
  }

  /// Relative, in the root of the mean square.
  private func distance(_ a: [Double], _ b: [Double]) -> Double {
    let error = zip(a, b).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
    return (error / b.reduce(0) { $0 + $1 * $1 }).squareRoot()
  }
}

/// A convolution with its operands: NHWC, the input with a norm and a ReLU before it.
private struct Setting {
  let (inputs, outputs, images, height, width): (Int, Int, Int, Int, Int)
  let context: ComputeContext
  let convolution: Convolution
  let arena = ParameterArena()
  private var (source, gradient): ([Float], [Float]) = ([], [])
  private var (scale, shift, mean, factor): ([Float], [Float], [Float], [Float]) = ([], [], [], [])

  init(_ inputs: Int, _ outputs: Int, _ images: Int, _ height: Int, _ width: Int, _ threads: Int) throws {
    (self.inputs, self.outputs, self.images, self.height, self.width) = (inputs, outputs, images, height, width)
    context = try ComputeContext(executor: try ThreadPool(threadCount: threads), maximumChannels: 64)
    let shape = ConvolutionShape(
      images: 1, inputChannels: inputs, height: 1, width: 1, outputChannels: outputs, kernel: 3, padding: 1)
    convolution = Convolution("conv", shape, context: context, in: arena)
    try arena.seal()
    var random = RandomStream(seed: 3)
    func values(_ count: Int) -> [Float] { (0..<count).map { _ in Float(random.normal()) } }
    for index in 0..<convolution.weight.count { convolution.weight.value[index] = Float(random.normal()) }
    (source, gradient) = (values(images * height * width * inputs), values(images * height * width * outputs))
    (scale, shift) = (values(inputs), values(inputs))
    (mean, factor) = (values(inputs), values(inputs).map { 1 + abs($0) })
  }

  private func activation(_ index: Int) -> Double {
    let channel = index % inputs
    return max(0, Double(source[index]) * Double(scale[channel]) + Double(shift[channel]))
  }

  func plainSums() -> [String: [Double]] {
    var forward = [Double](repeating: 0, count: gradient.count)
    var data = [Double](repeating: 0, count: source.count)
    var weights = [Double](repeating: 0, count: convolution.weight.count)
    for image in 0..<images {
      for y in 0..<height {
        for x in 0..<width {
          for tap in 0..<9 {
            let (row, column) = (y + tap / 3 - 1, x + tap % 3 - 1)
            guard (0..<height).contains(row), (0..<width).contains(column) else { continue }
            let from = ((image * height + row) * width + column) * inputs
            let to = ((image * height + y) * width + x) * outputs
            for output in 0..<outputs {
              for input in 0..<inputs {
                let weight = (output * inputs + input) * 9 + tap
                let (value, slope) = (activation(from + input), Double(gradient[to + output]))
                forward[to + output] += value * Double(convolution.weight.value[weight])
                data[from + input] += slope * Double(convolution.weight.value[weight])
                weights[weight] += slope * value
              }
            }
          }
        }
      }
    }
    for index in data.indices { data[index] = activation(index) > 0 ? data[index] * Double(factor[index % inputs]) : 0 }
    return ["forward": forward, "data": data, "weights": weights].merging(sums(forward, data)) { $1 }
  }

  /// What is summed in passing, from plain results.
  private func sums(_ forward: [Double], _ data: [Double]) -> [String: [Double]] {
    var (sum, squares) = ([Double](repeating: 0, count: outputs), [Double](repeating: 0, count: outputs))
    for (index, value) in forward.enumerated() {
      sum[index % outputs] += value
      squares[index % outputs] += value * value
    }
    var (total, products) = ([Double](repeating: 0, count: inputs), [Double](repeating: 0, count: inputs))
    for (index, value) in data.enumerated() {
      let (channel, slope) = (index % inputs, value / Double(factor[index % inputs]))
      total[channel] += slope
      products[channel] += slope * (Double(source[index]) - Double(mean[channel]))
    }
    return ["sum": sum, "squares": squares, "total": total, "products": products]
  }

  /// Image by image, so that several threads add to the weights' gradient.
  func run() throws -> [String: [Double]] {
    try convolution.bind(images: 1, height: height, width: width, algorithm: .ownWinograd)
    try convolution.prepare([.forward, .data, .weights])
    try context.run(1) { _, workspace in try convolution.pack(workspace) }
    let winograd = try #require(convolution.winograd)
    let tiles = WinogradTiles(images: 1, height: height, width: width)
    let area = height * width
    let (x, y) = (try FloatBuffer(copying: source), try FloatBuffer(copying: gradient))
    let (result, slopes) = (try FloatBuffer(y.capacity), try FloatBuffer(x.capacity))
    let norms = try [scale, shift, mean, factor].map { try FloatBuffer(copying: $0) }
    let norm = WinogradConvolution.Norm(scale: norms[0].pointer, shift: norms[1].pointer)
    let (forwardSums, backwardSums) = (ChannelSums(threads: 3, channels: 64), ChannelSums(threads: 3, channels: 64))
    for sums in [forwardSums, backwardSums] { sums.clear() }
    try context.run(images) { image, workspace in
      let (x, y, thread) = (x.pointer + image * area * inputs, y.pointer + image * area * outputs, workspace.thread)
      // In two pieces, as threads share an image in inference.
      for range in [0..<tiles.count / 2, tiles.count / 2..<tiles.count] {
        try winograd.forward(
          x, norm, tiles, only: range, into: result.pointer + image * area * outputs, stride: outputs,
          (forwardSums.first(thread), forwardSums.second(thread)), workspace)
      }
      try winograd.backwardWeights(x, norm, y, tiles, workspace)
      try winograd.backwardData(
        y, tiles,
        through: WinogradConvolution.NormGradient(
          norm: norm, mean: norms[2].pointer, factor: norms[3].pointer,
          sums: (backwardSums.first(thread), backwardSums.second(thread))), x,
        into: slopes.pointer + image * area * inputs, workspace)
    }
    try winograd.gather(into: convolution.weight.gradient, context)
    func list(_ pointer: UnsafePointer<Float>, _ count: Int) -> [Double] { (0..<count).map { Double(pointer[$0]) } }
    let (moments, slopeSums) = ((0..<outputs).map(forwardSums.total), (0..<inputs).map(backwardSums.total))
    return [
      "forward": list(result.pointer, gradient.count), "data": list(slopes.pointer, source.count),
      "weights": list(convolution.weight.gradient, convolution.weight.count), "sum": moments.map(\.0),
      "squares": moments.map(\.1), "total": slopeSums.map(\.0), "products": slopeSums.map(\.1),
    ]
  }
}
