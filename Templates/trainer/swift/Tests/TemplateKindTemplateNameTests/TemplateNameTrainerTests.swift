import SentryPluginAPI
import SentryPluginTestKit
import Testing

@testable import TemplateKindTemplateName

@Suite struct TemplateNameTrainerTests {
  private static let options = TemplateNameTrainer.Options(lr: 0.05, momentum: 0.9, patience: 2)

  /// What the host relies on; `sentry plugins check` tests the same, and more, on the built file.
  @Test func keepsTheLaws() {
    for outcome in checkTrainer({ TemplateNameTrainer(options: Self.options) }) {
      #expect(outcome.verdict != .violated, "\(outcome)")
    }
  }

  @Test func stopsWithoutProgress() throws {
    let trainer = TemplateNameTrainer(options: Self.options)
    let decisions = try [50.0, 40, 50].enumerated().map { try trainer.endEpoch($0, metrics: ["val_acc": $1]) }
    #expect(decisions.map(\.best) == [true, false, false])
    #expect(decisions.map(\.stop) == [false, false, true])
  }
}
