import Foundation
import Testing

/// `scripts/check-border` finds what would break a plugin that was built against a frozen border, and nothing else.
@Suite struct FrozenHeaderTests {
  private static let package = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../..")
    .standardized.path
  private static let headers = "\(package)/Sources/CSentryPlugin/include"

  /// What the script says of today's headers after `old` was replaced in one of them.
  private func check(_ header: String = "sentry_plugin.h", replacing old: String = "", with new: String = "") throws
    -> (status: Int32, output: String)
  {
    let copy = "\(NSTemporaryDirectory())/sentry-border-\(UUID().uuidString)"
    defer { try? FileManager.default.removeItem(atPath: copy) }
    try FileManager.default.copyItem(atPath: Self.headers, toPath: copy)
    if !old.isEmpty {
      let text = try String(contentsOfFile: "\(copy)/\(header)", encoding: .utf8)
      try #require(text.contains(old))
      try text.replacing(old, with: new).write(toFile: "\(copy)/\(header)", atomically: true, encoding: .utf8)
    }
    let (process, pipe) = (Process(), Pipe())
    process.executableURL = URL(filePath: "\(Self.package)/scripts/check-border")
    process.arguments = ["--headers", copy]
    process.standardOutput = pipe
    process.standardError = pipe
    try process.run()
    let output = String(decoding: try pipe.fileHandleForReading.readToEnd() ?? Data(), as: UTF8.self)
    process.waitUntilExit()
    return (process.terminationStatus, output)
  }

  @Test func todaysHeadersHold() throws {
    let (status, output) = try check()
    #expect(status == 0 && output.contains("border 1.3 holds"), "\(output)")
  }

  @Test(arguments: [
    ["sentry/dataset.h", "uint32_t struct_size;", "uint32_t struct_size; uint64_t more;"],
    ["sentry_plugin.h", "#define SENTRY_BAD_DATA 4", "#define SENTRY_BAD_DATA 9"],
    ["sentry/model.h", "uint64_t seed", "uint32_t seed"],
    ["sentry/model.h", "sentry.model.graph/1", "sentry.model.graph/2"],
    ["sentry/trainer.h", "sentry_trainer_split", "sentry_trainer_cut"],
    ["sentry_plugin.h", "#define SENTRY_ABI_MAJOR 1u", "#define SENTRY_ABI_MAJOR 2u"],
  ]) func whatBreaksPluginsIsFound(change: [String]) throws {
    let (status, output) = try check(change[0], replacing: change[1], with: change[2])
    #expect(status == 1 && output.contains("a plugin built against border 1.3 would break"), "\(output)")
  }

  @Test(arguments: [
    ["sentry_plugin.h", "#define SENTRY_ABI_MINOR 3u", "#define SENTRY_ABI_MINOR 4u"],
    ["sentry/model.h", "SENTRY_END_DECLARATIONS", "#define SENTRY_MODEL_NEW 1\nSENTRY_END_DECLARATIONS"],
    ["sentry/detector.h", "uint32_t struct_size;", "uint32_t struct_size; uint64_t more;"],
    ["sentry/trainer.h", "sentry.trainer.average/draft-1", "sentry.trainer.average/draft-2"],
  ]) func whatIsAddedOrADraftMayChange(change: [String]) throws {
    let (status, output) = try check(change[0], replacing: change[1], with: change[2])
    #expect(status == 0, "\(output)")
  }
}
