import Foundation
import Testing

/// The headers of the border, as texts.
struct BorderHeader: Sendable, CustomTestStringConvertible {
  /// Under `include/`.
  let name: String
  let text: String
  var testDescription: String { name }

  private static let folder = URL(filePath: #filePath).deletingLastPathComponent()
    .appending(path: "../../../Sources/CSentryPlugin/include").standardized

  /// All that are there: the one for every plugin, and one for each kind of component.
  static let all: [BorderHeader] =
    (FileManager.default.subpaths(atPath: folder.path) ?? []).filter { $0.hasSuffix(".h") }.sorted().compactMap {
      name in
      (try? String(contentsOf: folder.appending(path: name), encoding: .utf8)).map {
        BorderHeader(name: name, text: $0)
      }
    }

  /// Without comments.
  var code: String { text.replacing(#/\/\*(?s:.*?)\*\//#, with: "") }

  /// FNV-1a (64 bit) of the code without white space.
  var hash: UInt64 {
    code.filter { !$0.isWhitespace }.utf8.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x0000_0100_0000_01B3 }
  }
}
