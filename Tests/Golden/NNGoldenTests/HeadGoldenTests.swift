import SentryThreads
import Testing

@testable import SentryNN

/// Linear layers, and ReLU with drop-out between them, against PyTorch in double.
@Suite struct HeadGoldenTests {
  private let arena = ParameterArena()

  private func makeContext(threads: Int) throws -> ComputeContext {
    try ComputeContext(executor: try ThreadPool(threadCount: threads), maximumChannels: 16)
  }

  /// A batch of one goes another way through OpenBLAS.
  @Test(arguments: [("linear", 5), ("linear-single", 1)], [1, 2, 3])
  func linear(_ example: (name: String, batch: Int), threads: Int) throws {
    let (name, batch) = example
    let linear = Linear("linear", inputs: 19, outputs: 7, context: try makeContext(threads: threads), in: arena)
    try arena.seal()
    fillState(arena.parameters, arena.buffers, seed: 700)
    let x = uniform(20_700, batch * 19, -1, 1)
    var (y, dx) = ([Float](repeating: .nan, count: batch * 7), [Float](repeating: .nan, count: batch * 19))
    try linear.forward(x, &y, batch: batch)
    arena.clearGradients()
    try linear.backward(x, uniform(30_700, y.count, -1, 1), dx: &dx, batch: batch)
    try expect(name, y, dx)
  }

  /// In training with a probability of 0, and in evaluation with any, drop-out leaves ReLU.
  @Test(arguments: [(0, 3), (0.4, nil)] as [(Float, UInt64?)], [1, 2])
  func reluAndDropOutBetweenTwo(_ example: (rate: Float, seed: UInt64?), threads: Int) throws {
    let (context, relu) = (try makeContext(threads: threads), ReLUDropout(rate: example.rate, layer: 1))
    let first = Linear("first", inputs: 19, outputs: 16, context: context, in: arena)
    let second = Linear("second", inputs: 16, outputs: 7, context: context, in: arena)
    try arena.seal()
    fillState(arena.parameters, arena.buffers, seed: 800)
    let x = uniform(20_800, 5 * 19, -1, 1)
    var (hidden, y) = ([Float](repeating: .nan, count: 80), [Float](repeating: .nan, count: 35))
    try first.forward(x, &hidden, batch: 5)
    relu.forward(&hidden, count: 80, seed: example.seed)
    try second.forward(hidden, &y, batch: 5)
    var (dh, dx) = ([Float](repeating: .nan, count: 80), [Float](repeating: .nan, count: 5 * 19))
    arena.clearGradients()
    try second.backward(hidden, uniform(30_800, 35, -1, 1), dx: &dh, batch: 5)
    relu.backward(&dh, outputs: hidden, count: 80, seed: example.seed)
    try first.backward(x, dh, dx: &dx, batch: 5)
    try expect("head", y, dx)
  }

  private func expect(_ name: String, _ y: [Float], _ dx: [Float]) throws {
    let golden = try Golden.layers.get()
    #expect(distance(y, try golden.tensor("\(name)/features")) < 1e-6)
    #expect(distance(dx, try golden.tensor("\(name)/input")) < 1e-6)
    for parameter in arena.parameters {
      try expectGradient(parameter, golden.tensor("\(name)/gradient/\(parameter.name)"))
    }
  }
}
