import SentryPluginAPI
import SentryPluginTestKit
import Testing

@testable import TemplateKindTemplateName

@Suite struct TemplateNameAugmenterTests {
  private let augmenter = TemplateNameAugmenter(options: .init(size: 4))

  /// What the host relies on; `sentry plugins check` tests the same, and more, on the built file.
  @Test func keepsTheLaws() {
    for outcome in checkAugmenter(augmenter) { #expect(outcome.verdict != .violated, "\(outcome)") }
  }

  @Test func blackIsMinusOneAndWhiteOne() throws {
    for (pixel, value) in [(UInt8(0), Float(-1)), (255, 1)] {
      let image = Tensor([2, 2, 3], [UInt8](repeating: pixel, count: 12))
      #expect(try augmenter.apply(image, strength: .none, seed: 0).array(of: Float.self).allSatisfy { $0 == value })
    }
  }
}
