import Foundation
import Testing
@testable import SentryRuntime

@Suite struct ProbeCacheTests {
  @Test func aKnownFileIsNotProbedAgain() throws {
    let shop = try Workshop()
    try shop.compile("dataset_c.c")
    let first = try shop.discover().report("dataset_c.so")
    let second = try shop.discover(probes: false).report("dataset_c.so")
    #expect(second.state == .usable)
    #expect(second.declaration?.components.map(\.name) == first.declaration?.components.map(\.name))
    #expect(second.sha256 == first.sha256)
    #expect(second.sha256 == (try FileIdentity.sha256(of: second.file)))
  }

  @Test func aChangedFileIsProbedAgain() throws {
    let shop = try Workshop()
    let file = try shop.compile("Bad/crash_at_load.c", as: "plugin")
    #expect(try shop.discover().report("plugin.so").state == .quarantined)
    #expect(try shop.discover(probes: false).report("plugin.so").state == .quarantined)
    try FileManager.default.removeItem(atPath: file)
    try shop.compile("dataset_c.c", as: "plugin")
    #expect(try shop.discover().report("plugin.so").state == .usable)
  }

  @Test func probeOnRequestIgnoresTheCache() throws {
    let shop = try Workshop()
    try shop.compile("dataset_c.c")
    _ = shop.discover()
    let report = try shop.discover(fresh: true, probes: false).report("dataset_c.so")
    #expect(report.reason?.contains("could not be probed") == true)
    // A failure to probe is not kept.
    #expect(try shop.discover().report("dataset_c.so").state == .usable)
  }

  /// It would cost every start a minute.
  @Test func whatRanOutOfTimeTwiceIsLeftAloneForAnHour() throws {
    let shop = try Workshop()
    let file = try shop.compile("Bad/hang_at_load.c", as: "plugin")
    func report(probes: Bool, after seconds: Double = 0, fresh: Bool = false) throws -> PluginReport {
      var cache = shop.cache
      cache.now = { Date().timeIntervalSince1970 + seconds }
      return try shop.discover(fresh: fresh, timeout: .seconds(1), probes: probes, cache: cache).report("plugin.so")
    }
    let first = try report(probes: true)
    #expect(first.state == .quarantined && first.hint?.hasPrefix("the next start tries again") == true)
    // It does: no probe is possible, and that shows.
    #expect(try report(probes: false).reason?.contains("could not be probed") == true)
    _ = try report(probes: true)
    let second = try report(probes: true)
    #expect(second.state == .quarantined && second.reason == "it did not finish loading within 1 s, twice or more")
    #expect(second.hint?.hasPrefix("it is tried again in 60 min or when it changes") == true, "\(second)")
    let later = try report(probes: false, after: 3000)
    #expect(later.state == .quarantined && later.hint?.hasPrefix("it is tried again in 10 min") == true, "\(later)")
    for (seconds, fresh) in [(3700.0, false), (-100, false), (0, true)] {
      #expect(try report(probes: false, after: seconds, fresh: fresh).reason?.contains("could not be probed") == true)
    }
    try FileManager.default.removeItem(atPath: file)
    try shop.compile("dataset_c.c", as: "plugin")
    #expect(try report(probes: true).state == .usable)
  }

  /// Processes that start together are one attempt.
  @Test func timeoutsAtTheSameTimeCountOnce() {
    let one = ProbeTimeouts(after: nil, start: 100, end: 160)
    let beside = ProbeTimeouts(after: one, start: 101, end: 161)
    #expect(beside.count == 1 && !beside.isRemembered(at: 162))
    let next = ProbeTimeouts(after: beside, start: 200, end: 260)
    #expect(next.count == 2 && next.isRemembered(at: 261) && !next.isRemembered(at: 260 + 3600))
  }

  @Test func aDamagedCacheCostsAProbe() throws {
    let shop = try Workshop()
    try shop.compile("dataset_c.c")
    _ = shop.discover()
    let files = FileManager.default.enumerator(atPath: shop.root + "/cache")?.compactMap { $0 as? String } ?? []
    let entries = files.filter { $0.hasSuffix(".json") }
    #expect(entries.count == 2)
    for entry in entries {
      try Data("{\"half\":".utf8).write(to: URL(fileURLWithPath: "\(shop.root)/cache/\(entry)"))
    }
    #expect(try shop.discover().report("dataset_c.so").state == .usable)
    #expect(try shop.discover(probes: false).report("dataset_c.so").state == .usable)
  }

  @Test func aCacheThatCannotBeWrittenIsDoneWithout() throws {
    let shop = try Workshop()
    try shop.compile("dataset_c.c")
    // A file where the folder should be: not even root can write below it.
    try FileManager.default.removeItem(atPath: shop.root + "/cache")
    try Data().write(to: URL(fileURLWithPath: shop.root + "/cache"))
    #expect(try shop.discover().report("dataset_c.so").state == .usable)
  }

  /// Others may have written there that a file is a good plugin.
  @Test(arguments: ["", "/probes", "/files"]) func aCacheThatOthersMayWriteIsNotBelieved(folder: String) throws {
    let shop = try Workshop()
    try shop.compile("dataset_c.c")
    #expect(try shop.discover().report("dataset_c.so").state == .usable)
    try FileManager.default.setAttributes([.posixPermissions: 0o777], ofItemAtPath: shop.root + "/cache" + folder)
    let name = try FileManager.default.contentsOfDirectory(atPath: shop.root + "/cache/files")[0]
    // A hash of another file: what is believed shows.
    let path = "\(shop.root)/cache/files/\(name)"
    let text = try String(contentsOfFile: path, encoding: .utf8)
    let sha256 = try #require(text.firstMatch(of: /[0-9a-f]{64}/)).0
    if folder != "/probes" {
      try text.replacing(sha256, with: String(repeating: "0", count: 64))
        .write(toFile: path, atomically: false, encoding: .utf8)
    }
    let report = try shop.discover(probes: folder == "/files").report("dataset_c.so")
    #expect(report.sha256.map { $0 == sha256 } == true)
    #expect((report.state == .usable) == (folder == "/files"), "\(report.explanation ?? "")")
  }
}
