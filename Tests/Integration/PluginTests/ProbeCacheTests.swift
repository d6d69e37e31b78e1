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
