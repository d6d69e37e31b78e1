import SentryPluginAPI

/// JSON for readers: as `JSON.text(_:pretty:)` writes it, but for the order of the members. Those whose keys are listed come first, in
/// that order, so that what is told by class stands in the order of a matrix's rows.
enum OrderedJSON {
  static func text(_ value: JSONValue, keys: [String]) throws -> String {
    let places = Dictionary(keys.enumerated().map { ($0.element, $0.offset) }) { first, _ in first }
    return try text(value, places, indent: "")
  }

  private static func text(_ value: JSONValue, _ places: [String: Int], indent: String) throws -> String {
    let inner = indent + "  "
    switch value {
    case .array(let elements):
      return block("[", try elements.map { try text($0, places, indent: inner) }, "]", indent)
    case .object(let members):
      let sorted = members.sorted {
        (places[$0.key] ?? places.count, $0.key) < (places[$1.key] ?? places.count, $1.key)
      }
      let lines = try sorted.map { key, value in
        "\(try JSON.text(JSONValue.string(key))) : \(try text(value, places, indent: inner))"
      }
      return block("{", lines, "}", indent)
    default: return try JSON.text(value)
    }
  }

  private static func block(_ open: String, _ lines: [String], _ close: String, _ indent: String) -> String {
    let body = lines.isEmpty ? "" : "\(indent)  " + lines.joined(separator: ",\n\(indent)  ")
    return "\(open)\n\(body)\n\(indent)\(close)"
  }
}
