import CSentryPlugin
import Testing

@testable import SentryPluginAPI

/// Objects that are shorter than in 1.0 are refused before a member is looked at.
@Suite struct ShorterStructTests {
  @Test func dataset() throws {
    let object = try export(RampDataset())
    object.pointee.struct_size = SENTRY_DATASET_SIZE_1_0 - 8
    let error = #expect(throws: PluginError.self) { try ImportedDataset(adopting: object) }
    #expect(error?.message.contains("sentry_dataset.struct_size is 72") == true)
  }

  @Test func aLongerObjectFromALaterMinorIsAccepted() throws {
    let object = try export(RampDataset())
    object.pointee.struct_size = SENTRY_DATASET_SIZE_1_0 + 64
    #expect(try ImportedDataset(adopting: object).count(in: .train) == 10)
  }

  @Test func theEntryRefusesAHostOfAnotherMajor() throws {
    let plugin = Plugin(
      "toy", version: "1.0.0", "A toy", components: [.dataset("ramp", "A ramp") { _ in RampDataset() }])
    var host = sentry_host(
      struct_size: SENTRY_HOST_SIZE_1_0, abi_major: 2, abi_minor: 0, context: nil, log: { _, _, _, _ in },
      is_cancelled: { _ in 0 }, progress: { _, _, _, _ in }, metric: { _, _, _ in }, random_seed: { _, _, _ in 0 },
      thread_count: { _ in 1 }, parallel_for: { _, _, _, _ in }, world: { _, _, _ in },
      all_reduce_start: { _, _, _, _, _ in SENTRY_FAILED }, all_reduce_wait: { _, _, _ in SENTRY_FAILED },
      get_extension: { _, _ in nil })
    let error = #expect(throws: PluginError.self) {
      try acrossBorder { plugin.entry(&host, $0) == nil ? SENTRY_UNSUPPORTED : SENTRY_OK }
    }
    #expect(error?.message.contains("built for border 1.2, the host speaks 2.0") == true)
  }
}
