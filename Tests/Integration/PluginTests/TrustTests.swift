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
    #expect(report.reason == "others may write \(file)")
    #expect(report.hint?.contains("--allow-untrusted") == true)
    #expect(try shop.discover(allowUntrusted: true).report("dataset_c.so").state == .usable)
  }

  @Test(arguments: [0o777, 0o1777]) func aFolderThatOthersMayWriteIsRefused(mode: Int) throws {
    let shop = try Workshop()
    try shop.compile("dataset_c.c")
    try setMode(shop.plugins, mode)
    #expect(try shop.discover().report("dataset_c.so").reason == "others may write \(shop.plugins)")
    #expect(try shop.discover(allowUntrusted: true).report("dataset_c.so").state == .usable)
  }

  @Test func aStickyFolderAboveIsFineAndAnotherIsNot() throws {
    let shop = try Workshop()
    try shop.compile("dataset_c.c")
    try setMode(shop.root, 0o1777)
    #expect(try shop.discover().report("dataset_c.so").state == .usable)
    try setMode(shop.root, 0o777)
    #expect(try shop.discover().report("dataset_c.so").reason == "others may write \(shop.root)")
  }

  @Test func aLinkIsAsTrustworthyAsItsTarget() throws {
    let (shop, other) = (try Workshop(), try Workshop())
    let target = try other.compile("dataset_c.c")
    try FileManager.default.createSymbolicLink(atPath: shop.plugins + "/link.so", withDestinationPath: target)
    #expect(try shop.discover().report("link.so").state == .usable)
    try setMode(other.plugins, 0o777)
    #expect(try shop.discover().report("link.so").reason == "others may write \(other.plugins)")
  }
}
