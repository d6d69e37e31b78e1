/// HTML that is safe to show: what is interpolated as a text is escaped, literals are markup.
///
///     let cell: Markup = "<td>\(name)</td>"
package struct Markup: Sendable, Equatable, ExpressibleByStringInterpolation {
  private(set) var html: String

  package init(stringLiteral html: String) { self.html = html }
  package init(stringInterpolation: StringInterpolation) { html = stringInterpolation.html }

  package struct StringInterpolation: StringInterpolationProtocol {
    fileprivate var html = ""
    package init(literalCapacity: Int, interpolationCount: Int) { html.reserveCapacity(literalCapacity) }
    package mutating func appendLiteral(_ literal: String) { html += literal }
    package mutating func appendInterpolation(_ text: String) { html += Markup.escaped(text) }
    package mutating func appendInterpolation(_ number: Int) { html += String(number) }
    package mutating func appendInterpolation(_ markup: Markup) { html += markup.html }
    package mutating func appendInterpolation(_ markups: [Markup]) { for markup in markups { html += markup.html } }
  }

  /// Text for element content and for attributes in double quotes.
  static func escaped(_ text: String) -> String {
    var escaped = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": escaped += "&amp;"
      case "<": escaped += "&lt;"
      case ">": escaped += "&gt;"
      case "\"": escaped += "&quot;"
      case "'": escaped += "&#39;"
      case "\n", "\t": escaped.unicodeScalars.append(scalar)
      case _ where scalar.isUnfitForDisplay: escaped += "\u{FFFD}"
      default: escaped.unicodeScalars.append(scalar)
      }
    }
    return escaped
  }
}

extension Markup {
  /// A table whose first column is text and whose others, unless said otherwise, are numbers.
  static func table(_ header: [String], _ rows: [[String]], numbers: Bool = true) -> Markup {
    let style: Markup = numbers ? "numbers" : "texts"
    let head: [Markup] = header.map { "<th scope=\"col\">\($0)</th>" }
    let body: [Markup] = rows.map { row in
      let cells: [Markup] = row.enumerated().map { index, cell in
        index == 0 ? "<th scope=\"row\">\(cell)</th>" : "<td>\(cell)</td>"
      }
      return "<tr>\(cells)</tr>\n"
    }
    return """
      <div class="wide"><table class="\(style)"><thead><tr>\(head)</tr></thead><tbody>
      \(body)</tbody></table></div>

      """
  }

  /// Nothing where there are no items.
  static func list(_ items: [String]) -> Markup {
    let items: [Markup] = items.map { "<li>\($0)</li>\n" }
    return items.isEmpty ? "" : "<ul>\n\(items)</ul>\n"
  }

  static func section(_ title: String, _ content: [Markup]) -> Markup {
    content.isEmpty ? "" : "<section><h2>\(title)</h2>\n\(content)</section>\n"
  }
}
