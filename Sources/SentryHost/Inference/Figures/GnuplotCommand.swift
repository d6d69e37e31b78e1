/// A piece of a gnuplot script. Literals are script; what is interpolated as a text never is: it reaches gnuplot as data, and the
/// script only says which text it means.
///
///     script.add("set title \(task.name)")
struct GnuplotCommand: Sendable, ExpressibleByStringInterpolation {
  enum Part: Sendable {
    case code(String), text(String)
  }
  private(set) var parts: [Part]

  init(stringLiteral code: String) { parts = [.code(code)] }
  init(stringInterpolation: StringInterpolation) { parts = stringInterpolation.parts }

  struct StringInterpolation: StringInterpolationProtocol {
    fileprivate var parts: [Part] = []
    init(literalCapacity: Int, interpolationCount: Int) {}
    mutating func appendLiteral(_ code: String) { parts.append(.code(code)) }
    mutating func appendInterpolation(_ text: String) { appendInterpolation(lines: [text]) }
    /// Texts below each other; line feeds in them are spaces.
    mutating func appendInterpolation(lines: [String]) {
      parts.append(.text(lines.map(FigureText.clean).joined(separator: "\n")))
    }
    mutating func appendInterpolation(_ number: Int) { parts.append(.code("\(number)")) }
    mutating func appendInterpolation(_ number: Double) { parts.append(.code("\(number)")) }
    mutating func appendInterpolation(_ color: FigureColor) { parts.append(.code("'\(color.hex)'")) }
    mutating func appendInterpolation(_ command: GnuplotCommand) { parts += command.parts }
    /// What a command takes several of, with commas.
    mutating func appendInterpolation(_ list: [GnuplotCommand]) {
      for (index, item) in list.enumerated() { parts += (index > 0 ? [.code(", \\\n  ")] : []) + item.parts }
    }
  }
}
