import Foundation
import Testing
@testable import SentryRuntime

@Suite struct TrustTests {
  private func setMode(_ path: String, _ mode: Int) throws {
    try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: path)
  }

  @Test func aFileThatOthersMayWriteIsRefused() throws {
    let shop = try Workshop()
    let file = try shop.compile("dataset_c.c")
    try setMode(file, 0o757)
    let report = try shop.discover().report("dataset_c.so")
    #expect(report.state == .refused)
    #expect(report.reason == "other users may write \(file)")
    #expect(report.hint?.contains("--allow-untrusted") == true)
    #expect(try shop.discover(allowUntrusted: true).report("dataset_c.so").state == .usable)
  }

  @Test(arguments: [0o777, 0o1777]) func aFolderThatOthersMayWriteIsRefused(mode: Int) throws {
    let shop = try Workshop()
    try shop.compile("dataset_c.c")
    try setMode(shop.plugins, mode)
    #expect(try shop.discover().report("dataset_c.so").reason == "other users may write \(shop.plugins)")
    #expect(try shop.discover(allowUntrusted: true).report("dataset_c.so").state == .usable)
  }

  @Test func aStickyFolderAboveIsFineAndAnotherIsNot() throws {
    let shop = try Workshop()
    try shop.compile("dataset_c.c")
    try setMode(shop.root, 0o1777)
    #expect(try shop.discover().report("dataset_c.so").state == .usable)
    try setMode(shop.root, 0o777)
    #expect(try shop.discover().report("dataset_c.so").reason == "other users may write \(shop.root)")
  }

  @Test func aLinkIsAsTrustworthyAsItsTarget() throws {
    let (shop, other) = (try Workshop(), try Workshop())
    let target = try other.compile("dataset_c.c")
    try FileManager.default.createSymbolicLink(atPath: shop.plugins + "/link.so", withDestinationPath: target)
    #expect(try shop.discover().report("link.so").state == .usable)
    try setMode(other.plugins, 0o777)
    #expect(try shop.discover().report("link.so").reason == "other users may write \(other.plugins)")
  }

  /// The file is where only its owner may write, and others decide on the way there.
  @Test func everyHopOnTheWayCounts() throws {
    let shop = try Workshop()
    try shop.compile("dataset_c.c")
    let open = shop.root + "/open"
    try FileManager.default.createDirectory(atPath: open, withIntermediateDirectories: true)
    try FileManager.default.createSymbolicLink(atPath: open + "/hop", withDestinationPath: shop.plugins)
    try setMode(open, 0o777)
    #expect(
      try shop.discover(folders: [open + "/hop"]).report("dataset_c.so").reason == "other users may write \(open)")
    // A link to a link.
    let link = shop.root + "/link"
    try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: "open/../open/hop")
    #expect(FileTrust.objection(to: link + "/dataset_c.so") == "other users may write \(open)")
    try setMode(open, 0o755)
    #expect(FileTrust.objection(to: link + "/dataset_c.so") == nil)
    #expect(try shop.discover(folders: [link]).report("dataset_c.so").state == .usable)
  }

  /// The search path has folders by their true paths; how they were named counts all the same.
  @Test func theNameOfAFolderCountsToo() throws {
    let shop = try Workshop()
    try shop.compile("dataset_c.c")
    let open = shop.root + "/open"
    try FileManager.default.createDirectory(atPath: open, withIntermediateDirectories: true)
    try FileManager.default.createSymbolicLink(atPath: open + "/hop", withDestinationPath: shop.plugins)
    try setMode(open, 0o777)
    let search = try SearchPath(options: [open + "/hop"])
    let found = Discovery(
      SearchPath(folders: Array(search.folders.prefix(1))), probe: Probe(executable: "/nonexistent"), cache: shop.cache)
    #expect(try found.report("dataset_c.so").reason == "other users may write \(open)")
  }

  @Test func linksInACircleLeadNowhere() throws {
    let shop = try Workshop()
    try FileManager.default.createSymbolicLink(atPath: shop.plugins + "/a.so", withDestinationPath: "b.so")
    try FileManager.default.createSymbolicLink(atPath: shop.plugins + "/b.so", withDestinationPath: "a.so")
    #expect(try shop.discover().report("a.so").state == .refused)
    #expect(FileTrust.objection(to: shop.plugins + "/a.so")?.hasSuffix("is broken") == true)
  }
}
