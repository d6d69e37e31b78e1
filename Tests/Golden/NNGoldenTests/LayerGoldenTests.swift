import SentryThreads
import Testing

@testable import SentryNN

/// Each layer against PyTorch in double: outputs, running statistics, gradients of weights and of the input.
@Suite struct LayerGoldenTests {
  @Test(arguments: [("dense", false), ("dense-frozen", true)], [1, 2])
  func denseLayers(_ example: (name: String, frozen: Bool), threads: Int) throws {
    let net = try LayerNet.dense(channels: 64, layers: 2, height: 5, width: 7, threads: threads)
    if example.frozen {
      for parameter in net.arena.parameters where parameter.name.hasPrefix("denselayer2.norm") {
        parameter.trainable = false
      }
    }
    try net.compare(
      with: example.name, seed: 100, batch: 3,
      pass: Pass(batch: 3, training: true, frozenNorm: example.frozen ? .runningStatistics : .batchStatistics))
  }

  @Test func denseLayerOfLargeMaps() throws {
    let net = try LayerNet.dense(channels: 32, layers: 1, height: 24, width: 24, threads: 2)
    try net.compare(with: "dense-large", seed: 200, batch: 2, pass: Pass(batch: 2, training: true))
  }

  @Test func transitionOfOddMaps() throws {
    let net = try LayerNet.transition(channels: 64, height: 5, width: 7, threads: 2)
    try net.compare(with: "transition", seed: 300, batch: 3, pass: Pass(batch: 3, training: true))
  }

  @Test func stemOfOddImages() throws {
    let net = try LayerNet.stem(size: 37, threads: 2)
    try net.compare(with: "stem", seed: 400, batch: 3, pass: Pass(batch: 3, training: true))
  }
}

extension LayerNet {
  func compare(with name: String, seed: UInt64, batch: Int, pass: Pass) throws {
    let golden = try Golden.layers.get()
    fillState(arena.parameters, arena.buffers, seed: seed)
    let input = uniform(seed + 20_000, batch * inputCount, -1, 1)
    let features = try forward(input, pass)
    #expect(distance(features, try golden.tensor("\(name)/features")) < 1e-5)
    for buffer in arena.buffers {
      guard case .float32(let pointer) = buffer.storage else { continue }
      let values = Array(UnsafeBufferPointer(start: pointer, count: buffer.shape[0]))
      #expect(distance(values, try golden.tensor("\(name)/buffer/\(buffer.name)")) < 1e-5, "\(buffer.name)")
    }
    let inputGradient = try backward(uniform(seed + 30_000, features.count, -1, 1), pass)
    for parameter in arena.parameters where parameter.trainable {
      let ours = sample(parameter.gradient, parameter.count)
      let exact = try golden.tensor("\(name)/gradient/\(parameter.name)")
      #expect(distance(ours, exact) < 1e-4, "\(parameter.name)")
      #expect(distance(ours.map { $0 * 1.05 }, exact) > 1e-2, "\(parameter.name): a wrong factor must be noticed")
    }
    if let inputGradient { #expect(distance(inputGradient, try golden.tensor("\(name)/input")) < 1e-4) }
  }
}
