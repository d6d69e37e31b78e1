import Foundation
import SentryPluginAPI
import Testing
@testable import SentryRuntime

/// A manifest is found, probed, trusted and remembered as a plugin is, and so is the library that it names.
@Suite struct ForeignDiscoveryTests {
  private func setMode(_ path: String, _ mode: Int) throws {
    try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: path)
  }

  @Test func aManifestIsAPluginAndItsLibraryIsNone() throws {
    let workshop = try ForeignWorkshop()
    try workshop.write("test", ["version": "3.1", "threads": "any"])
    let library = workshop.shop.plugins + "/foreign.so"
    let expected = PluginDeclaration.Library(
      name: "foreign.so", file: library, sha256: try FileIdentity.sha256(of: library))
    for probes in [true, false] {
      let found = workshop.shop.discover(probes: probes)
      #expect(found.reports.map { Paths.last($0.file) } == ["foreign.so", "test.augmenter.json"])
      let report = try found.report("test.augmenter.json")
      #expect(report.state == .usable, "\(report.explanation ?? "")")
      #expect(report.sha256 == (try FileIdentity.sha256(of: report.file)))
      let declared = try #require(report.declaration)
      #expect(declared.name == "test" && declared.version == "3.1")
      #expect(declared.components.map(\.kind) == ["sentry.augmenter/1"])
      #expect(declared.foreign == expected)
      #expect(declared.libraries.map(\.name) == ["foreign.so", "libc.so.6"])
      let beside = try found.report("foreign.so")
      #expect(beside.state == .ignored && beside.reason == "the library that test.augmenter.json calls")
    }
    let registry = Registry(workshop.shop.discover())
    let choice = try registry.choice(try registry.entry(.augmenter, "test"), options: [:])
    #expect(choice.library == expected)
  }

  @Test func anotherLibraryIsProbedAgain() throws {
    let workshop = try ForeignWorkshop()
    try workshop.write()
    #expect(try workshop.report().state == .usable)
    let first = try workshop.report(probes: false).declaration?.foreign?.sha256
    try FileManager.default.removeItem(atPath: workshop.shop.plugins + "/foreign.so")
    try workshop.compile(["-DSTEP=2"])
    #expect(try workshop.report(probes: false).reason?.contains("could not be probed") == true)
    let second = try workshop.report()
    #expect(second.state == .usable && second.declaration?.foreign?.sha256 != first)
  }

  @Test func whatCrashesAtLoadIsQuarantined() throws {
    let workshop = try ForeignWorkshop()
    try workshop.shop.compile("Bad/crash_at_load.c")
    try workshop.write("crashing", ["library": "crash_at_load.so"])
    try workshop.write()
    let report = try workshop.report("crashing")
    #expect(report.state == .quarantined)
    #expect(report.reason?.contains("SIGSEGV") == true)
    #expect(try workshop.report("crashing", probes: false).state == .quarantined)
    #expect(try workshop.report().state == .usable)
  }

  struct Refusal: Sendable {
    var changes: [String: JSONValue]
    var reason, hint: String
  }
  @Test(arguments: [
    Refusal(changes: ["library": "nowhere.so.4"], reason: "'library' is 'nowhere.so.4'", hint: "give its path"),
    Refusal(changes: ["library": "./nowhere.so"], reason: "nowhere.so: No such file", hint: "give its path"),
    Refusal(changes: ["library": "text.so"], reason: "no ELF header", hint: "name a .so file"),
    Refusal(changes: ["library": "plugin.so"], reason: "is itself a plugin", hint: "remove the manifest"),
    Refusal(changes: ["symbol": "shfit"], reason: "'symbol' is 'shfit', which", hint: "nm -D"),
    Refusal(changes: ["symbol": "table"], reason: "which is not a function of", hint: "nm -D"),
    Refusal(changes: ["sybmol": "shift"], reason: "unknown key 'sybmol'", hint: "did you mean 'symbol'?"),
  ])
  func whatCannotServeIsRefused(refusal: Refusal) throws {
    let workshop = try ForeignWorkshop()
    try workshop.shop.write("I am no library.\n", to: "text.so")
    try workshop.shop.compile("dataset_c.c", as: "plugin")
    try workshop.write("test", refusal.changes)
    let found = workshop.shop.discover()
    let report = try found.report("test.augmenter.json")
    #expect(report.state == .refused)
    #expect(report.reason?.contains(refusal.reason) == true, "\(report.reason ?? "")")
    #expect(report.hint?.contains(refusal.hint) == true, "\(report.hint ?? "")")
    // A bad manifest hides no plugin.
    #expect(try found.report("plugin.so").state == .usable)
    let error = #expect(throws: PluginError.self) { try Registry(found).entry(.augmenter, "test") }
    #expect(error?.message.contains("test.augmenter.json: refused, \(report.reason ?? "")") == true)
  }

  @Test func aManifestOrLibraryThatOthersMayWriteIsRefused() throws {
    let workshop = try ForeignWorkshop()
    try workshop.write()
    for file in ["test.augmenter.json", "foreign.so"].map({ workshop.shop.plugins + "/" + $0 }) {
      try setMode(file, 0o757)
      let report = try workshop.report()
      #expect(report.state == .refused && report.reason == "other users may write \(file)")
      #expect(report.hint?.contains("--allow-untrusted") == true)
      #expect(try workshop.report(allowUntrusted: true).state == .usable)
      try setMode(file, 0o755)
    }
  }

  @Test func aLibraryElsewhereIsTrustedWhereItLies() throws {
    let (workshop, other) = (try ForeignWorkshop(), try ForeignWorkshop())
    let (link, target) = (workshop.shop.plugins + "/link.so.1", other.shop.plugins + "/foreign.so")
    try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: target)
    try workshop.write("test", ["library": "link.so.1"])
    #expect(try workshop.report().state == .usable)
    #expect(try workshop.report().declaration?.foreign?.file == target)
    try setMode(other.shop.plugins, 0o777)
    #expect(try workshop.report().reason == "other users may write \(other.shop.plugins)")
  }
}
