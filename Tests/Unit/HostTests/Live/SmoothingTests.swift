import Glibc
import SentryPluginAPI
import Testing

@testable import SentryInference

@Suite struct SmoothingTests {
  private func answer(_ probabilities: [Double]) -> [LiveFrame.Answer] {
    [.init(task: ClassificationTask("t", classes: ["a", "b"]), probabilities: probabilities)]
  }

  @Test func withoutAConstantNothingChanges() {
    var smoothing = Smoothing(constant: 0)
    _ = smoothing.smooth(answer([1, 0]), id: 1, at: 0)
    #expect(smoothing.smooth(answer([0, 1]), id: 1, at: 0.1)[0].probabilities == [0, 1])
  }

  @Test func afterTheConstantTheOldValueCountsOneEth() {
    var smoothing = Smoothing(constant: 2)
    #expect(smoothing.smooth(answer([1, 0]), id: 1, at: 5)[0].probabilities == [1, 0])
    let later = smoothing.smooth(answer([0, 1]), id: 1, at: 7)[0].probabilities
    #expect(abs(later[0] - exp(-1)) < 1e-12 && abs(later[0] + later[1] - 1) < 1e-12)
  }

  @Test func instancesAreApart() {
    var smoothing = Smoothing(constant: 2)
    _ = smoothing.smooth(answer([1, 0]), id: 1, at: 0)
    #expect(smoothing.smooth(answer([0, 1]), id: 2, at: 0.1)[0].probabilities == [0, 1])
    #expect(smoothing.smooth(answer([0, 1]), id: nil, at: 0.2)[0].probabilities == [0, 1])
    smoothing.forget(before: 0.05)
    #expect(smoothing.smooth(answer([0, 1]), id: 1, at: 0.3)[0].probabilities == [0, 1])
  }
}
