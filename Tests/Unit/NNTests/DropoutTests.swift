import Testing

@testable import SentryNN

@Suite struct DropoutTests {
  private func dropped(_ layer: ReLUDropout, seed: UInt64?) -> [Float] {
    var values = [Float](repeating: 1, count: 20_000)
    layer.forward(&values, count: values.count, seed: seed)
    return values
  }

  @Test(arguments: [0.1, 0.4, 0.5] as [Float]) func keepsTheMeanAndTheRate(rate: Float) {
    let values = dropped(ReLUDropout(rate: rate, layer: 1), seed: 7)
    let zeros = Float(values.count { $0 == 0 }) / Float(values.count)
    #expect(abs(zeros - rate) < 0.02)
    #expect(values.allSatisfy { $0 == 0 || abs($0 - 1 / (1 - rate)) < 1e-6 })
  }

  @Test func dependsOnSeedAndLayerAlone() {
    let layer = ReLUDropout(rate: 0.5, layer: 1)
    #expect(dropped(layer, seed: 7) == dropped(layer, seed: 7))
    #expect(dropped(layer, seed: 7) != dropped(layer, seed: 8))
    #expect(dropped(layer, seed: 7) != dropped(ReLUDropout(rate: 0.5, layer: 2), seed: 7))
    #expect(dropped(layer, seed: nil).allSatisfy { $0 == 1 })
  }
}
