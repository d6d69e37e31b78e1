import Foundation
import Testing

/// The border's text, without comments and white space, is pinned: no change slips in.
@Suite struct LayoutHashTests {
  /// FNV-1a (64 bit) of the header as ``essence(of:)`` leaves it.
  private static let committed: UInt64 = 0xC315_8B1E_2707_8913

  private func header() throws -> String {
    let path =
      (#filePath as NSString).deletingLastPathComponent + "/../../../Sources/CSentryPlugin/include/sentry_plugin.h"
    return try String(contentsOfFile: path, encoding: .utf8)
  }

  private func essence(of text: String) -> String {
    String(text.replacing(#/\/\*(?s:.*?)\*\//#, with: "").filter { !$0.isWhitespace })
  }

  @Test func theHeaderIsAsItWasCommitted() throws {
    let hash = essence(of: try header()).utf8.reduce(0xCBF2_9CE4_8422_2325 as UInt64) {
      ($0 ^ UInt64($1)) &* 0x0000_0100_0000_01B3
    }
    #expect(
      hash == Self.committed,
      """
      sentry_plugin.h changed: its hash is now 0x\(String(hash, radix: 16, uppercase: true)).
      If that is intended: only append members, raise SENTRY_ABI_MINOR, say in each new member's comment since which
      version it is, pin its offset in layout.c, describe it in docs/plugin-border.md and CHANGELOG.md, and commit the new
      hash here. Anything else that changes the layout is a new major version, with a new entry symbol.
      """)
  }

  @Test func everyStructButThoseOfDLPackStartsWithItsSize() throws {
    let text = try header().replacing(#/\/\*(?s:.*?)\*\//#, with: "")
    let ofDLPack: Set = ["sentry_device", "sentry_dtype", "sentry_tensor", "sentry_managed_tensor"]
    var seen: Set<String> = []
    for match in text.matches(of: #/struct\s+(?:SENTRY_SENDABLE\s+)?SENTRY_TAG\((\w+)\)\s*\{\s*([^;]*);/#) {
      seen.insert(String(match.1))
      if !ofDLPack.contains(String(match.1)) { #expect(match.2 == "uint32_t struct_size", "\(match.1)") }
    }
    #expect(seen.isSuperset(of: ofDLPack))
    #expect(seen.count == 27, "\(seen.sorted())")
  }
}
