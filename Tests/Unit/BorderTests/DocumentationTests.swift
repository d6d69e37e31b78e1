import Foundation
import Testing

/// What docs/plugin-border.md shows is what Examples builds.
@Suite struct DocumentationTests {
  private static let root = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../..")
    .standardized

  @Test func thePluginInTheDocumentIsTheExample() throws {
    let text = try String(contentsOf: Self.root.appending(path: "docs/plugin-border.md"), encoding: .utf8)
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    var found = 0
    for (number, line) in lines.enumerated() where line.hasPrefix("<!-- begin ") {
      let path = line.dropFirst("<!-- begin ".count).dropLast(" -->".count)
      let end = try #require(lines[number...].firstIndex(of: "<!-- end -->"))
      let shown = lines[(number + 2)..<(end - 1)].joined(separator: "\n") + "\n"
      let example = try String(contentsOf: Self.root.appending(path: String(path)), encoding: .utf8)
      #expect(shown == example, "\(path)")
      found += 1
    }
    #expect(found > 0)
  }

  @Test func theHeaderStaysShort() throws {
    let header = try String(
      contentsOf: Self.root.appending(path: "Sources/CSentryPlugin/include/sentry_plugin.h"), encoding: .utf8)
    #expect(header.split(separator: "\n", omittingEmptySubsequences: false).count <= 600)
  }
}
