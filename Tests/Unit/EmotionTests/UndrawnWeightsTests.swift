import SentryNN
import SentryThreads
import Testing

@testable import EmotionDenseNet

/// A network whose weights come from a file draws none.
@Suite struct UndrawnWeightsTests {
  @Test func aNetworkToBeFilledComputesWhatItsWeightsSay() throws {
    var options = EmotionNet.Options()
    (options.imageSize, options.seed) = (32, 7)
    let executor = try ThreadPool(threadCount: 1)
    let drawn = try EmotionNet(options, executor: executor)
    options.seed = nil
    let filled = try EmotionNet(options, executor: executor)
    #expect(filled.parameters.allSatisfy { parameter in (0..<parameter.count).allSatisfy { parameter.value[$0] == 0 } })
    for (target, source) in zip(filled.parameters, drawn.parameters) {
      target.value.update(from: source.value, count: source.count)
    }
    let image = (0..<32 * 32).map { Float($0 % 29) / 29 - 0.5 }
    func logits(_ net: EmotionNet) throws -> [Float] {
      let output = try net.forward(input: image, batch: 1, training: false)
      return (0..<options.classes).map { output.logits[$0] }
    }
    #expect(try logits(filled) == logits(drawn))
  }
}
