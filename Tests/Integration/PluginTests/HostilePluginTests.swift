import Foundation
import SentryPluginAPI
import Testing
@testable import SentryRuntime

/// Files that mean harm: none of them holds up the host, is believed, or leaves anything running.
@Suite struct HostilePluginTests {
  @Test func aForgedAnswerIsNone() throws {
    let shop = try Workshop()
    try shop.compile("Bad/forged_answer.c")
    let report = try shop.discover().report("forged_answer.so")
    #expect(report.state == .quarantined)
    #expect(report.reason == "it ended the process while loading (exit status 0)")
  }

  @Test(arguments: ["floods", "closes_descriptors"]) func whatSpoilsDescriptorsIsKilled(source: String) throws {
    let shop = try Workshop()
    try shop.compile("Bad/\(source).c")
    let report = try shop.discover(timeout: .seconds(1)).report("\(source).so")
    #expect(report.reason == "it did not finish loading within 1 s")
  }

  @Test func whatAChildHoldsOpenIsNotWaitedFor() throws {
    let shop = try Workshop()
    try shop.compile("Bad/holds_descriptors.c")
    // Its child would be waited for until then.
    let report = try shop.discover(timeout: .seconds(300)).report("holds_descriptors.so")
    #expect(report.reason == "it ended the process while loading (exit status 0)")
  }

  @Test func whatItStartedEndsWithIt() throws {
    let shop = try Workshop()
    // A number that no other process has on its command line.
    let token = "\(Int.random(in: 100_000_000...999_999_999)).5"
    try shop.compile("Bad/leaves_its_group.c", ["-DTOKEN=\"\(token)\""])
    let report = try shop.discover(timeout: .seconds(1)).report("leaves_its_group.so")
    #expect(report.reason == "it did not finish loading within 1 s")
    let left = (Paths.names(in: "/proc") ?? []).filter { Int($0) != nil }.filter { process in
      ((try? SystemFile.text("/proc/\(process)/cmdline")) ?? nil)?.contains("sleep\0\(token)") == true
    }
    #expect(left == [])
  }

  @Test func pipesAreNotWaitedFor() throws {
    let shop = try Workshop()
    for name in ["libx.so", "x.augmenter.json"] { #expect(mkfifo("\(shop.plugins)/\(name)", 0o600) == 0) }
    let found = shop.discover()
    #expect(try found.report("libx.so").reason?.hasSuffix("libx.so is not a file") == true)
    #expect(try found.report("x.augmenter.json").state == .refused)
  }

  @Test func whatReplacesItselfIsRefused() throws {
    let shop = try Workshop()
    let (own, other) = ("\(shop.plugins)/self.so", "\(shop.root)/other.so")
    let good = try shop.compile("dataset_c.c", as: "good")
    try FileManager.default.moveItem(atPath: good, toPath: other)
    try shop.compile("Bad/replaces_itself.c", as: "self", ["-DSELF=\"\(own)\"", "-DOTHER=\"\(other)\""])
    let report = try shop.discover().report("self.so")
    #expect(report.state == .refused)
    #expect(report.reason == "\(own) was changed or replaced after it was checked")
  }

  /// Between the look at all plugins and the use of one.
  @Test(arguments: [false, true]) func whatChangesBeforeItIsLoadedIsNotLoaded(inPlace: Bool) throws {
    let shop = try Workshop()
    let path = try shop.compile("dataset_c.c", as: "good", ["-DMINOR=0", "-DUNIQUE_\(inPlace)"])
    let registry = Registry(shop.discover())
    let entry = try registry.entry(.dataset, "test-c-light")
    let hash = try registry.choice(entry, options: [:]).sha256
    #expect(hash == (try FileIdentity.sha256(of: path)))
    var bytes = try Data(contentsOf: URL(fileURLWithPath: path))
    bytes.append(0)
    if inPlace {
      let file = try FileHandle(forWritingTo: URL(fileURLWithPath: path))
      try file.seekToEnd()
      try file.write(contentsOf: Data([0]))
      try file.close()
    } else {
      try bytes.write(to: URL(fileURLWithPath: path), options: .atomic)
    }
    let error = #expect(throws: PluginError.self) { try registry.load(entry) }
    #expect(
      error?.message.contains("was changed or replaced after it was checked") == true, "\(String(describing: error))")
    #expect(throws: PluginError.self) { try registry.choice(entry, options: [:]) }
  }

  /// What is mapped is compared with what was checked.
  @Test func anotherLibraryThanTheCheckedOneIsNoticed() throws {
    let shop = try Workshop()
    let (one, other) = (try shop.compile("dataset_c.c", as: "one"), try shop.compile("dataset_c.c", as: "other"))
    let handle = try LoadedPlugin.open(try PluginFile(one))
    try PluginFile(one).requireLoaded(as: handle)
    #expect(throws: PluginError.self) { try PluginFile(other).requireLoaded(as: handle) }
  }
}
