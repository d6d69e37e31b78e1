import Glibc
import SentryPluginAPI
import SentryPluginTestKit
import Testing

/// Components that keep the laws pass; each broken one fails its own law.
struct KitTests {
  private func violated(_ outcomes: [LawOutcome]) -> Set<String> {
    Set(outcomes.filter { $0.verdict == .violated }.map(\.law))
  }

  @Test func soundComponentsKeepAllLaws() throws {
    let outcomes =
      checkDataset(GalleryDataset()) + checkAugmenter(GalleryAugmenter()) + checkModel { try GalleryModel(seed: $0) }
      + checkTrainer { GalleryTrainer() }
    #expect(violated(outcomes).isEmpty, "\(outcomes.filter { $0.verdict == .violated })")
    #expect(outcomes.count { $0.verdict == .holds } > 20)
  }

  @Test(
    arguments: zip(
      GalleryDataset.Fault.allCases,
      [
        "description", "count-is-stable", "samples-as-declared", "targets-in-range", "same-bytes-twice",
        "names-are-stable",
        "bounds", "finite", "same-bytes-from-threads",
      ]))
  func brokenDatasetsAreFound(_ fault: GalleryDataset.Fault, _ law: String) {
    #expect(violated(checkDataset(GalleryDataset(fault))).contains("dataset." + law))
  }

  @Test func whatASoundDatasetMakesOfDamagedFilesIsNoViolation() throws {
    try GalleryFiles.withFolder { folder in
      let outcomes = try checkDataset(at: folder) { try GalleryFiles($0) }
      #expect(violated(outcomes).isEmpty, "\(outcomes.filter { $0.verdict == .violated })")
      #expect(outcomes.contains { $0.law == "dataset.damaged-data" && $0.verdict == .holds })
      // The files themselves are as they were.
      let again = try checkDataset(at: folder, strictness: 3) { try GalleryFiles($0) }
      #expect(violated(again).isEmpty && !again.contains { $0.law == "dataset.damaged-data" })
    }
  }

  @Test(
    arguments: zip(
      GalleryFiles.Fault.allCases,
      [
        "without naming it", "without a message", "the code SENTRY_BAD_DATA", "the description says",
        "not a finite number", "making it fails without naming it", "making it fails without naming it",
      ]))
  func whatBrokenDatasetsMakeOfDamagedFilesIsFound(_ fault: GalleryFiles.Fault, _ words: String) throws {
    try GalleryFiles.withFolder { folder in
      let outcomes = try checkDataset(at: folder) { try GalleryFiles($0, fault) }
      #expect(violated(outcomes) == ["dataset.damaged-data"], "\(outcomes)")
      let found = outcomes.first { $0.law == "dataset.damaged-data" }
      #expect(found?.messages.first?.contains("0.num cut to half of its length") == true, "\(outcomes)")
      #expect(found?.messages.first?.contains(words) == true, "\(outcomes)")
    }
  }

  /// Data that are too large are no reason to fail.
  @Test func whatCannotBeCopiedIsSkipped() throws {
    try GalleryFiles.withFolder { folder in
      try #require(truncate("\(folder)/0.num", 300 << 20) == 0)
      let outcomes = try checkDataset(at: folder) { _ in GalleryDataset() }
      let found = try #require(outcomes.first { $0.law == "dataset.damaged-data" })
      #expect(found.verdict == .skipped && found.messages.first?.contains("more than") == true, "\(found)")
    }
  }

  @Test(
    arguments: zip(
      GalleryAugmenter.Fault.allCases,
      [
        "output-as-declared", "none-is-deterministic", "seed-decides", "input-is-kept", "misfits-are-refused",
        "extremes",
        "same-bytes-from-threads",
      ]))
  func brokenAugmentersAreFound(_ fault: GalleryAugmenter.Fault, _ law: String) {
    #expect(violated(checkAugmenter(GalleryAugmenter(fault))).contains("augmenter." + law))
  }

  @Test(
    arguments: zip(
      GalleryModel.Fault.allCases,
      [
        "parameters", "outputs-as-declared", "misfits-are-refused", "seed-decides", "samples-are-independent",
        "evaluation-changes-nothing", "state-round-trip", "gradients", "gradients-accumulate", "gradients-accumulate",
        "parameters-changed", "gradients",
      ]))
  func brokenModelsAreFound(_ fault: GalleryModel.Fault, _ law: String) {
    #expect(violated(checkModel { try GalleryModel(fault, seed: $0) }).contains("model." + law))
  }

  @Test(
    arguments: zip(
      GalleryTrainer.Fault.allCases,
      [
        "steps", "learns", "evaluation-changes-nothing", "state-round-trip", "missing-targets", "not-a-number",
        "misfits-are-refused", "foreign-state",
      ]))
  func brokenTrainersAreFound(_ fault: GalleryTrainer.Fault, _ law: String) {
    #expect(violated(checkTrainer { GalleryTrainer(fault) }).contains("trainer." + law))
  }

  @Test func laxerChecksTestLess() {
    #expect(checkDataset(GalleryDataset(), strictness: 1).count < checkDataset(GalleryDataset()).count)
  }

  @Test func aSeedRepeatsWhatWasFound() throws {
    let outcomes = (0..<2).map { _ in checkModel(seed: 9) { try GalleryModel(.gradientTooLarge, seed: $0) } }
    #expect(outcomes[0] == outcomes[1])
  }
}
