import FoundationEssentials

/// A package index as pip uses it (PEP 503): for each project a page of HTML with a link for each file.
public struct PackageIndex: Sendable {
  /// A file of a project.
  public struct File: Sendable, Equatable {
    public var name, url: String
    /// SHA-256 in hexadecimal, where the index states it.
    public var sha256: String?
  }

  /// That of the Python Package Index.
  public static let pypi = "https://pypi.org/simple"

  public let url: String

  public init(_ url: String = Self.pypi) { self.url = url }

  /// The address of a project's page.
  public func page(of project: String) -> String {
    (url.hasSuffix("/") ? url : url + "/") + Self.normalised(project) + "/"
  }

  /// The links of a page.
  /// - Parameter address: of the page; relative links start from it.
  public static func files(in page: String, at address: String) -> [File] {
    let base = URL(string: address)
    return page.matches(of: anchor).compactMap { match in
      guard let reference = String(match.1).firstMatch(of: reference) else { return nil }
      let link = unescaped(reference.1 ?? reference.2 ?? "")
      guard let url = URL(string: link, relativeTo: base)?.absoluteString else { return nil }
      let parts = url.split(separator: "#", maxSplits: 1)
      guard let plain = parts.first else { return nil }
      let hash = parts.count > 1 && parts[1].hasPrefix("sha256=") ? String(parts[1].dropFirst(7)) : nil
      return File(name: unescaped(match.2).trimmingBlanks, url: String(plain), sha256: hash)
    }
  }

  private static var anchor: Regex<(Substring, Substring, Substring)> { /<a\s([^>]*)>([^<]*)<\/a>/.ignoresCase() }
  private static var reference: Regex<(Substring, Substring?, Substring?)> {
    /href\s*=\s*(?:"([^"]*)"|'([^']*)')/.ignoresCase()
  }

  private static func unescaped(_ text: Substring) -> String {
    [("&quot;", "\""), ("&#39;", "'"), ("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&")].reduce(String(text)) {
      $0.replacing($1.0, with: $1.1)
    }
  }

  /// As PEP 503 writes the names of projects in addresses.
  static func normalised(_ name: String) -> String {
    name.lowercased().split { "-_.".contains($0) }.joined(separator: "-")
  }
}

extension String {
  fileprivate var trimmingBlanks: String {
    let start = drop { $0.isWhitespace }
    return String(start.reversed().drop { $0.isWhitespace }.reversed())
  }
}
