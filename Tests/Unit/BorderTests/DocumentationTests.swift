import Foundation
import Testing

/// What the documents show is what Examples builds and what tests run.
@Suite struct DocumentationTests {
  private static let root = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../..")
    .standardized

  @Test(arguments: ["docs/plugin-border.md", "docs/training.md", "docs/foreign-functions.md"])
  func whatADocumentShowsIsTheFile(document: String) throws {
    let text = try String(contentsOf: Self.root.appending(path: document), encoding: .utf8)
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

  @Test(arguments: BorderHeader.all) func headersStayShort(header: BorderHeader) {
    #expect(header.text.split(separator: "\n", omittingEmptySubsequences: false).count <= 300)
  }

  /// docs/plugin-border.md has every header, every kind and every extension, with what it is called in C.
  @Test(arguments: BorderHeader.all) func whatTheHeadersHaveIsDescribed(header: BorderHeader) throws {
    let document = try String(contentsOf: Self.root.appending(path: "docs/plugin-border.md"), encoding: .utf8)
    #expect(document.contains("`\(header.name)`"))
    for match in header.code.matches(of: #/#define SENTRY_(?:EXTENSION|KIND)_\w+ "([^"]+)"/#) {
      #expect(document.contains("| `\(match.1)` |"), "\(match.1)")
    }
  }

  /// Files, and headings as GitHub makes anchors of them.
  @Test func everyLinkLeadsSomewhere() throws {
    let folders = ["", "docs", "Examples", "Benchmarks"].map { Self.root.appending(path: $0) }
    let documents = try folders.flatMap {
      try FileManager.default.contentsOfDirectory(at: $0, includingPropertiesForKeys: nil)
    }.filter { $0.pathExtension == "md" }
    var links = 0
    for document in documents {
      for link in try String(contentsOf: document, encoding: .utf8).matches(of: #/\]\(([^)#\s]*)(#[^)\s]*)?\)/#) {
        guard !link.1.contains("://") else { continue }
        let target =
          link.1.isEmpty ? document : document.deletingLastPathComponent().appending(path: link.1).standardized
        let place = "\(document.lastPathComponent): \(link.0)"
        #expect(FileManager.default.fileExists(atPath: target.path), "\(place)")
        if let anchor = link.2 { #expect(try anchors(of: target).contains(String(anchor.dropFirst())), "\(place)") }
        links += 1
      }
    }
    #expect(documents.count >= 9 && links > 15)
  }

  private func anchors(of document: URL) throws -> [String] {
    try String(contentsOf: document, encoding: .utf8).split(separator: "\n").filter { $0.hasPrefix("#") }.map { line in
      line.drop { $0 == "#" }.dropFirst().lowercased().filter { $0.isLetter || $0.isNumber || " -_".contains($0) }
        .replacing(" ", with: "-")
    }
  }
}
