import FoundationEssentials

/// JSON text, in and out; keys sorted, so that equal values make equal bytes.
public enum JSON {
  public static func text(_ value: some Encodable, pretty: Bool = false) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting =
      pretty ? [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes] : [.sortedKeys, .withoutEscapingSlashes]
    return String(decoding: try encoder.encode(value), as: UTF8.self)
  }

  /// - Parameter what: what the text is, for the error.
  /// - Throws: ``PluginError`` with the line and the column of what is no JSON, and for a key that an object has twice.
  public static func decode<Value: Decodable>(_ type: Value.Type = Value.self, from text: String, what: String) throws
    -> Value
  {
    if let problem = JSONScanner.problem(in: text) {
      throw PluginError.invalid("\(what): \(problem.text)", hint: problem.hint)
    }
    do {
      return try JSONDecoder().decode(type, from: Data(text.utf8))
    } catch let error as DecodingError {
      throw PluginError.invalid("\(what): \(Self.sentence(error))")
    }
  }

  /// Why a value did not become text: a number that JSON does not have, and where it is.
  static func sentence(_ error: any Error) -> String {
    guard case EncodingError.invalidValue(let value, let context) = error else { return String(describing: error) }
    let path = context.codingPath.map(\.stringValue).joined(separator: ".")
    return "'\(path)' is \(value), which JSON cannot hold"
  }

  private static func sentence(_ error: DecodingError) -> String {
    func path(_ context: DecodingError.Context) -> String {
      context.codingPath.map(\.stringValue).joined(separator: ".")
    }
    return switch error {
    case .keyNotFound(let key, _): "the key '\(key.stringValue)' is missing"
    case .typeMismatch(let type, let context): "'\(path(context))' is not a \(type)"
    case .valueNotFound(_, let context): "'\(path(context))' is null"
    case .dataCorrupted(let context):
      (context.codingPath.isEmpty ? "" : "\(path(context)) ") + context.debugDescription
    @unknown default: String(describing: error)
    }
  }
}
