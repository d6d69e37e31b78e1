import SentryModels
import SentryPluginAPI
import SentryPluginTestKit
import Testing

@testable import TemplateKindTemplateName

@Suite struct TemplateNameNetTests {
  private static func model(seed: UInt64) throws -> any Model {
    try NetworkModel<TemplateNameNet>(
      options: .init(
        hidden: 8, dropout: 0.2, tasks: [ClassificationTask("size", classes: ["small", "large"])],
        input: TensorSpecification(.float32, [1, 4, 4]), seed: seed),
      host: TestHost.host)
  }

  /// What the host and trainers rely on, gradients against finite differences among it; `sentry plugins check` tests the same,
  /// and more, on the built file.
  @Test func keepsTheLaws() {
    for outcome in checkModel(Self.model) { #expect(outcome.verdict != .violated, "\(outcome)") }
  }

  @Test func hasAHeadForEachTask() throws {
    let names = try Self.model(seed: 1).parameters.map(\.name)
    #expect(names == ["trunk.weight", "trunk.bias", "heads.size.0.weight", "heads.size.0.bias"])
  }
}
