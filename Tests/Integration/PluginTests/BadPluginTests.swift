import Foundation
import Testing
@testable import SentryRuntime

/// Every way in which a file can fail to be a plugin: each is listed with its reason, and the good one beside them works.
@Suite struct BadPluginTests {
  @Test func eachIsListedWithItsReason() throws {
    let shop = try Workshop()
    try shop.compile("dataset_c.c", as: "good")
    for bad in ["crash_at_load", "abort_at_load", "exit_at_load", "no_entry", "declines", "missing_function"] {
      try shop.compile("Bad/\(bad).c")
    }
    try shop.compile("dataset_c.c", as: "wrong_major", ["-DMAJOR=7"])
    try shop.compile("dataset_c.c", as: "old_major", ["-DMAJOR=0"])
    try shop.compile("dataset_c.c", as: "newer_minor", ["-DMINOR=9"])
    try shop.write("I am no library.\n", to: "text.so")
    try shop.write("notes", to: "notes.txt")
    try shop.write("", to: "empty.so")
    let whole = try Data(contentsOf: URL(fileURLWithPath: shop.plugins + "/good.so"))
    try whole.prefix(whole.count / 3).write(to: URL(fileURLWithPath: shop.plugins + "/truncated.so"))
    try FileManager.default.createSymbolicLink(
      atPath: shop.plugins + "/dangling.so", withDestinationPath: "/nowhere.so")

    let found = shop.discover()
    func expect(_ name: String, _ state: PluginReport.State, _ reason: String, hint: String? = nil) throws {
      let report = try found.report(name)
      #expect(report.state == state, "\(name): \(report.explanation ?? "")")
      #expect(report.reason?.contains(reason) == true, "\(name): \(report.reason ?? "nothing")")
      if let hint { #expect(report.hint?.contains(hint) == true, "\(name): \(report.hint ?? "nothing")") }
    }
    #expect(try found.report("good.so").state == .usable)
    try expect("crash_at_load.so", .quarantined, "SIGSEGV", hint: "--probe")
    try expect("abort_at_load.so", .quarantined, "SIGABRT")
    try expect("exit_at_load.so", .quarantined, "exit status 0")
    try expect("no_entry.so", .refused, "no entry sentry_plugin_entry_v1")
    try expect("declines.so", .refused, "this machine has no such device", hint: "plug one in")
    try expect("missing_function.so", .refused, "sentry_test_that_nobody_defines")
    try expect("wrong_major.so", .refused, "built for border 7.", hint: "update sentry")
    try expect("old_major.so", .refused, "built for border 0.", hint: "rebuild")
    try expect("newer_minor.so", .refused, "needs border 1.9", hint: "update sentry")
    try expect("text.so", .refused, "no ELF header")
    try expect("empty.so", .refused, "no ELF header")
    try expect("notes.txt", .ignored, ".so")
    try expect("dangling.so", .refused, "cannot be read")
    #expect([.refused, .quarantined].contains(try found.report("truncated.so").state))
    #expect(found.reports.count == 15)

    let registry = Registry(found)
    #expect(registry.entries(.dataset).map(\.declaration.name) == ["test-c-light"])
    let error = #expect(throws: (any Error).self) { try registry.entry(.dataset, "test-c-lihgt") }
    let text = error.map { "\($0)" } ?? ""
    for piece in [shop.plugins, "crash_at_load.so: quarantined", "did you mean 'test-c-light'?"] {
      #expect(text.contains(piece), "\(text)")
    }
  }

  /// Libraries for a GPU that are not in memory yet take tens of seconds.
  @Test func theProbeHasAMinute() { #expect(Probe().timeout == .seconds(60)) }

  @Test func whatCrashesIsRemembered() throws {
    let shop = try Workshop()
    try shop.compile("Bad/crash_at_load.c")
    #expect(try shop.discover().report("crash_at_load.so").state == .quarantined)
    #expect(try shop.discover(probes: false).report("crash_at_load.so").state == .quarantined)
  }

  @Test func whatHangsIsKilled() throws {
    let shop = try Workshop()
    try shop.compile("Bad/hang_at_load.c")
    let report = try shop.discover(timeout: .seconds(1)).report("hang_at_load.so")
    #expect(report.state == .quarantined)
    #expect(report.reason == "it did not finish loading within 1 s")
    #expect(report.hint?.contains("the next start tries again") == true)
    // It may have been the disk: the cache keeps nothing, and the next start probes anew.
    let next = try shop.discover(probes: false).report("hang_at_load.so")
    #expect(next.state == .refused && next.reason?.contains("could not be probed") == true, "\(next)")
  }
}
