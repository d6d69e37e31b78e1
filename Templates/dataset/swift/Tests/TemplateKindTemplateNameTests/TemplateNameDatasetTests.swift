import SentryPluginTestKit
import Testing

@testable import TemplateKindTemplateName

@Suite struct TemplateNameDatasetTests {
  private let dataset = TemplateNameDataset(options: .init(count: 16, size: 24, seed: 1))

  /// What the host relies on; `sentry plugins check` tests the same, and more, on the built file.
  @Test func keepsTheLaws() {
    for outcome in checkDataset(dataset) { #expect(outcome.verdict != .violated, "\(outcome)") }
  }

  @Test func theBrighterHalfIsTheClass() throws {
    for index in 0..<dataset.count(in: .train) {
      let pixels = try dataset.sample(at: index, in: .train).array(of: UInt8.self)
      let halves = (0..<2).map { half in
        pixels.enumerated().reduce(0) { $0 + ($1.offset % 24 / 12 == half ? Int($1.element) : 0) }
      }
      #expect(try dataset.targets(at: index, in: .train) == [halves[0] > halves[1] ? 0 : 1])
    }
  }
}
