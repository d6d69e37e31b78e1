import CSentryPlugin
import Synchronization
import Testing

@testable import SentryPluginAPI

/// Objects that are shorter than in 1.0 are refused before a member is looked at.
@Suite(.serialized) struct ShorterStructTests {
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

  /// What every extension is looked up as: a table that is shorter than any was when it came.
  private static let shortExtension = SendablePointer(UnsafeMutableRawPointer.allocate(byteCount: 8, alignment: 8))

  private func expectRefused(_ id: String, _ make: () throws -> any ImportedComponent) {
    Self.shortExtension.pointer.storeBytes(of: 8, as: UInt32.self)
    let error = #expect(throws: PluginError.self) { _ = try make() }
    #expect(error?.message.contains("\(id).struct_size is 8, expected at least") == true, "\(id)")
    #expect(error?.hint == "the plugin must set it to the size of its struct")
  }

  /// One rule for all extensions of all kinds: none is passed over in silence.
  @Test func aShorterExtensionIsRefused() throws {
    let dataset = try export(RampDataset())
    dataset.pointee.get_extension = { _, _ in UnsafeRawPointer(Self.shortExtension.pointer) }
    expectRefused(SENTRY_EXTENSION_DATASET_STATISTICS) { try ImportedDataset(adopting: dataset) }
    let augmenter = try export(ScalingAugmenter())
    augmenter.pointee.get_extension = { _, _ in UnsafeRawPointer(Self.shortExtension.pointer) }
    expectRefused(SENTRY_EXTENSION_AUGMENTER_READER) { try ImportedAugmenter(adopting: augmenter) }
    let source = try export(Plain())
    source.pointee.get_extension = { _, _ in UnsafeRawPointer(Self.shortExtension.pointer) }
    expectRefused(SENTRY_EXTENSION_SOURCE_TEMPLATE) { try ImportedPreparer(adopting: source) }
  }

  @Test(arguments: [
    SENTRY_EXTENSION_MODEL_UPDATE, SENTRY_EXTENSION_MODEL_GRAPH, SENTRY_EXTENSION_MODEL_MEMORY,
    SENTRY_EXTENSION_MODEL_INPUT,
    SENTRY_EXTENSION_PROFILE,
  ])
  func aModelsShorterExtensionIsRefused(id: String) throws {
    let model = try export(BareModel())
    Self.wanted.withLock { $0 = id }
    model.pointee.get_extension = { _, id in
      Self.wanted.withLock { $0 == String(cString: id) } ? UnsafeRawPointer(Self.shortExtension.pointer) : nil
    }
    expectRefused(id) { try ImportedModel(adopting: model) }
  }

  @Test(arguments: [
    SENTRY_EXTENSION_TRAINER_SPLIT, SENTRY_EXTENSION_TRAINER_CALIBRATION, SENTRY_EXTENSION_PROFILE,
  ])
  func aTrainersShorterExtensionIsRefused(id: String) throws {
    let trainer = try export(RecordingTrainer())
    Self.wanted.withLock { $0 = id }
    trainer.pointee.get_extension = { _, id in
      Self.wanted.withLock { $0 == String(cString: id) } ? UnsafeRawPointer(Self.shortExtension.pointer) : nil
    }
    expectRefused(id) { try ImportedTrainer(adopting: trainer) }
  }

  private static let wanted = Mutex("")

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
    #expect(error?.message.contains("built for border 1.3, but the host supports 2.0") == true)
  }
}
