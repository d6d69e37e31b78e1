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

  /// What may stand in the record's place, and what is said of it. None of it is an error.
  enum Damage: String, CaseIterable {
    case noise, huge, folder, loop, dangling, foreign, unreachable

    var words: String {
      switch self {
      case .noise: "crashes holds 2 lines that no crash wrote; sentry plugins list --probe removes it"
      case .huge: "crashes: longer than the limit of"
      case .folder: "crashes cannot be opened: Is a directory"
      case .loop, .dangling: "crashes cannot be opened: Too many levels of symbolic links"
      case .foreign: "crashes is not a file of this user"
      case .unreachable: "crashes: its folder cannot be created"
      }
    }

    func make(_ path: String, in shop: Workshop) throws -> CrashRecord {
      switch self {
      case .noise:
        try Data([0xFF, 0, 0x0A] + Array("crash a 9 99999999999999999999\ncrash a 1 2\n".utf8)).write(
          to: URL(fileURLWithPath: path))
      case .huge:
        try Data().write(to: URL(fileURLWithPath: path))
        try #require(truncate(path, 100 << 20) == 0)
      case .folder: try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
      case .loop: try #require(symlink(path, path) == 0)
      case .dangling: try #require(symlink("nowhere", path) == 0)
      case .foreign:
        try Data("crash a 1 2\ncrash a 3 4\n".utf8).write(to: URL(fileURLWithPath: path))
        // Only root can give a file away.
        try #require(geteuid() != 0 || chown(path, 65534, 65534) == 0)
      case .unreachable:
        try Data().write(to: URL(fileURLWithPath: path))
        return CrashRecord(folder: path)
      }
      return CrashRecord(folder: shop.root + "/cache")
    }
  }

  @Test(arguments: Damage.allCases.filter { $0 != .foreign || geteuid() == 0 })
  func aDamagedRecordIsToldAndStopsNothing(damage: Damage) throws {
    let shop = try Workshop()
    let record = try damage.make(shop.root + "/cache/crashes", in: shop)
    #expect(record.counts() == (damage == .noise ? ["a": 1] : [:]))
    let (descriptor, problem) = record.opened()
    if let descriptor { close(descriptor) }
    #expect((descriptor != nil) == [.noise, .huge].contains(damage))
    #expect(
      problem?.contains("\(shop.root)/cache/") == true && problem?.contains(damage.words) == true,
      "\(problem ?? "nothing")")
    record.endedWell(["a"])
    // One that was too long is begun anew.
    if damage == .huge { #expect(record.opened().problem == nil) }
    try shop.compile("dataset_c.c")
    #expect(try shop.discover().report("dataset_c.so").state == .usable)
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
