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

  /// What JSON calls that which becomes this type.
  private static func name(of type: any Any.Type) -> String {
    switch type {
    case is String.Type: return "a text"
    case is Bool.Type: return "true or false"
    case is any Numeric.Type: return "a number"
    default:
      let name = String(describing: type)
      return name.hasPrefix("Array<") ? "a list" : name.hasPrefix("Dictionary<") ? "an object" : "a \(name)"
    }
  }

  private static func sentence(_ error: DecodingError) -> String {
    func path(_ context: DecodingError.Context) -> String {
      context.codingPath.map(\.stringValue).joined(separator: ".")
    }
    return switch error {
    case .keyNotFound(let key, _): "the key '\(key.stringValue)' is missing"
    case .typeMismatch(let type, let context):
      "\(context.codingPath.isEmpty ? "the whole text" : "'\(path(context))'") is not \(name(of: type))"
    case .valueNotFound(_, let context): "'\(path(context))' is null"
    case .dataCorrupted(let context):
      (context.codingPath.isEmpty ? "" : "\(path(context)) ") + context.debugDescription
    @unknown default: String(describing: error)
    }
  }
}
