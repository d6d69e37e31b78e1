import Foundation
import Testing

@testable import SentryRuntime

@Suite struct CrashRecordTests {
  private func record(_ text: String, in shop: Workshop) throws -> CrashRecord {
    try FileManager.default.createDirectory(atPath: shop.root + "/cache", withIntermediateDirectories: true)
    try Data(text.utf8).write(to: URL(fileURLWithPath: shop.root + "/cache/crashes"))
    return CrashRecord(folder: shop.root + "/cache")
  }

  /// `crash KEY START END`: of runs that overlap, as of processes that train together, one counts.
  @Test func crashesInARowAreCounted() throws {
    let shop = try Workshop()
    let text = """
      crash a 100 200
      crash b 100 150
      crash a 110 205
      crash a 205 300
      well b
      crash b 400 500
      crash c 1
      something else
      crash d x y

      """
    let crashes = try record(text, in: shop)
    #expect(crashes.counts() == ["a": 2, "b": 1])
    crashes.endedWell(["a", "z"])
    #expect(crashes.counts() == ["b": 1])
    // No line for what never crashed.
    #expect(try String(contentsOfFile: shop.root + "/cache/crashes", encoding: .utf8) == text + "well a\n")
    crashes.clear()
    #expect(crashes.counts().isEmpty)
    #expect(CrashRecord(folder: shop.root + "/nowhere").counts().isEmpty)
  }

  @Test func whatCrashedTwiceInARowIsLeftOut() throws {
    let shop = try Workshop()
    try shop.compile("dataset_c.c")
    let hash = try #require(try shop.discover().report("dataset_c.so").sha256)
    _ = try record("crash \(hash) 1 2\n", in: shop)
    #expect(try shop.discover().report("dataset_c.so").state == .usable)
    _ = try record("crash \(hash) 1 2\ncrash \(hash) 3 4\n", in: shop)
    let report = try shop.discover().report("dataset_c.so")
    #expect(report.state == .quarantined && report.reason == "it crashed sentry in its last 2 runs")
    #expect(report.hint?.hasSuffix("sentry plugins list --probe") == true)
    // To look at it does not mean to trust it.
    #expect(try shop.discover(fresh: true).report("dataset_c.so").state == .quarantined)
    #expect(
      Discovery.report(on: report.file, allowUntrusted: false, probe: Probe(executable: Workshop.products + "/sentry"))
        .state == .usable)
  }
}
