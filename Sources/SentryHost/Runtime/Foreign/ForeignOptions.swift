import SentryPluginAPI

/// The options that a manifest declares: in JSON Schema, as plugins declare theirs, but numbers and yes or no alone, since
/// nothing else can be passed.
struct ForeignOptions: Sendable {
  enum Kind: String, CaseIterable { case number, integer, boolean }

  private(set) var kinds: [String: Kind] = [:]
  private(set) var declarations: [OptionDeclaration] = []

  init(_ value: JSONValue) throws {
    guard let members = value.objectValue else {
      throw PluginError.invalid(
        "'options' is not a JSON object", hint: "write {\"strength\": {\"type\": \"number\", \"default\": 0.1}}")
    }
    for (name, schema) in members.sorted(by: { $0.key < $1.key }) {
      guard LoadedPlugin.isName(name), name != OptionDeclaration.input.name else {
        throw PluginError.invalid(
          "'options.\(name)': '\(name)' is not a valid option name",
          hint: name == OptionDeclaration.input.name
            ? "the host sets the option of that name" : "use lower case letters, digits and hyphens")
      }
      let object = try ManifestObject(
        schema, at: "options.\(name)", keys: ["type", "default", "minimum", "maximum", "description"])
      let kind: Kind = try object.word("type")
      kinds[name] = kind
      declarations.append(try Self.declaration(name, kind, object))
      // For what is to be said of the default.
      _ = try OptionProperty(name, schema, what: "options")
    }
  }

  private static func declaration(_ name: String, _ kind: Kind, _ object: ManifestObject) throws -> OptionDeclaration {
    let help = object["description"]?.stringValue ?? ""
    func value<Value>(_ key: String, _ read: (JSONValue) -> Value?) throws -> Value? {
      guard let stated = object[key] else { return nil }
      if let value = read(stated) { return value }
      throw PluginError.invalid(
        "'\(object.path(key))' is \(try JSON.text(stated)), not of type \(kind.rawValue)",
        hint: "write a value of the option's type")
    }
    func fallback<Value>(_ read: (JSONValue) -> Value?) throws -> Value {
      if let value = try value("default", read) { return value }
      throw PluginError.invalid(
        "the key '\(object.path("default"))' is missing", hint: "every option needs a default")
    }
    switch kind {
    case .number:
      return .number(
        name, try fallback(\.doubleValue), minimum: try value("minimum", \.doubleValue),
        maximum: try value("maximum", \.doubleValue), help)
    case .integer:
      return .integer(
        name, try fallback(\.intValue), minimum: try value("minimum", \.intValue),
        maximum: try value("maximum", \.intValue), help)
    case .boolean:
      return .flag(name, try fallback(\.boolValue), help)
    }
  }
}
