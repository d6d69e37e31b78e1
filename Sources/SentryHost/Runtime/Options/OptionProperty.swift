import SentryPluginAPI

/// One option, as a JSON Schema states it.
package struct OptionProperty: Sendable {
  package enum ValueType: String, Sendable { case boolean, integer, number, string, array, object, null }

  package let name: String
  /// Any of these; empty: any type.
  package var types: [ValueType] = []
  package var fallback: JSONValue?
  package var help = ""
  package var choices: [JSONValue]?
  package var minimum, maximum, exclusiveMinimum, exclusiveMaximum: Double?
  var pattern: OptionPattern?
  /// The type of the elements of an array.
  package var items: [ValueType] = []
  /// A file or folder: made absolute.
  package var isPath = false
  /// Filled in by the host; users may not set it.
  package var isHostFilled = false
  /// The option of the host that says that weights are read from a file next.
  package static let loadsWeights = "loads-weights"
  /// The file that the host passes where none is set.
  package var requiredFile: RequiredFile?
  /// What it was called before.
  package var formerNames: [String] = []
  /// Today's value for each that it had before, by the text of that one.
  var formerValues: [String: JSONValue] = [:]
  /// When the component uses it: while all of these hold.
  var conditions: [OptionCondition] = []
}

extension OptionProperty {
  /// Reads the schema of one property. A keyword that is not understood is an error: its promise could not be kept.
  package init(_ name: String, _ schema: JSONValue, what: String) throws {
    self.name = name
    let place = "\(what), property '\(name)'"
    guard let members = schema.objectValue else { throw PluginError.invalid("\(place): not an object") }
    func number(_ key: String) throws -> Double? {
      guard let value = members[key] else { return nil }
      guard let number = value.doubleValue else { throw PluginError.invalid("\(place): '\(key)' is not a number") }
      return number
    }
    (minimum, maximum) = (try number("minimum"), try number("maximum"))
    (exclusiveMinimum, exclusiveMaximum) = (try number("exclusiveMinimum"), try number("exclusiveMaximum"))
    for (key, value) in members {
      switch key {
      case "type": types = try Self.types(value, place)
      case "default": fallback = value
      case "description": help = value.stringValue ?? ""
      case "enum": choices = value.arrayValue
      case "pattern":
        guard let expression = value.stringValue, (try? Regex(expression)) != nil else {
          throw PluginError.invalid("\(place): 'pattern' is not a regular expression")
        }
        let example = members["examples"]?.arrayValue?.lazy.compactMap(\.stringValue).first
        pattern = OptionPattern(expression: expression, example: example)
      case "format": isPath = value == "path"
      case "items": items = try value["type"].map { try Self.types($0, place) } ?? []
      case "x-sentry-host": isHostFilled = value == true
      case "x-sentry-file": requiredFile = try RequiredFile(value, what: "\(place): '\(key)'")
      case "x-sentry-former-names": formerNames = try Self.names(value, "\(place): '\(key)'")
      case "x-sentry-used-when": conditions = try OptionCondition.conditions(value, "\(place): '\(key)'")
      case "x-sentry-former-values":
        guard let values = value.objectValue else { throw PluginError.invalid("\(place): '\(key)' is not an object") }
        formerValues = values
      case "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "title", "examples", "$comment", "deprecated":
        break
      default:
        if !key.hasPrefix("x-") {
          throw PluginError.invalid(
            "\(place): the keyword '\(key)' is not supported", hint: "docs/plugin-border.md lists them")
        }
      }
    }
    if isDevice { isHostFilled = true }
    if requiredFile != nil, types != [.string] || isPath {
      throw PluginError.invalid("\(place): an option with 'x-sentry-file' is of type string and has no format")
    }
    if let fallback, fallback != .null, let problem = problem(with: fallback) {
      throw PluginError.invalid("\(place): its default \(problem)", hint: "correct the default, or its constraints")
    }
    for (former, value) in formerValues {
      if let problem = problem(with: value) {
        throw PluginError.invalid("\(place): the value that stands for the former '\(former)' \(problem)")
      }
    }
  }

  private static func names(_ value: JSONValue, _ place: String) throws -> [String] {
    let names = (value.arrayValue ?? []).compactMap(\.stringValue)
    guard value.arrayValue?.count == names.count else { throw PluginError.invalid("\(place) is not an array of names") }
    return names
  }

  private static func types(_ value: JSONValue, _ place: String) throws -> [ValueType] {
    try (value.arrayValue ?? [value]).map { value in
      guard let type = value.stringValue.flatMap(ValueType.init) else {
        throw PluginError.invalid("\(place): unknown type \(try JSON.text(value))")
      }
      return type
    }
  }
}

extension OptionProperty {
  /// - Returns: what is wrong with a value, as the rest of a sentence: `is 0, at least 1 is needed`.
  package func problem(with value: JSONValue) -> String? {
    let shown = (try? JSON.text(value)) ?? "?"
    guard types.isEmpty || types.contains(where: { Self.matches(value, $0) }) else {
      return "is \(shown) but must be of type \(types.map(\.rawValue).joined(separator: " or "))"
    }
    if let choices, !choices.contains(value) {
      let words = choices.map { $0.stringValue ?? ((try? JSON.text($0)) ?? "?") }
      let near = value.stringValue.flatMap { Suggestion.nearest(to: $0, among: words) }
      return "is \(shown) but must be one of \(words.joined(separator: ", "))"
        + (near.map { "; did you mean '\($0)'?" } ?? "")
    }
    if let number = value.doubleValue {
      if let minimum, number < minimum { return "is \(shown) but must be at least \(Self.text(minimum))" }
      if let maximum, number > maximum { return "is \(shown) but must be at most \(Self.text(maximum))" }
      if let limit = exclusiveMinimum, number <= limit {
        return "is \(shown) but must be more than \(Self.text(limit))"
      }
      if let limit = exclusiveMaximum, number >= limit {
        return "is \(shown) but must be less than \(Self.text(limit))"
      }
    }
    if let text = value.stringValue {
      if isPath, text.isEmpty { return "is empty but must be a path" }
      if let pattern, !pattern.matches(text) { return "is \(shown) but \(pattern.demand)" }
    }
    if let elements = value.arrayValue, !items.isEmpty {
      for element in elements where !items.contains(where: { Self.matches(element, $0) }) {
        return "is \(shown) but must be an array of \(items.map(\.rawValue).joined(separator: " or "))"
      }
    }
    return nil
  }

  private static func matches(_ value: JSONValue, _ type: ValueType) -> Bool {
    switch (value, type) {
    case (.bool, .boolean), (.integer, .integer), (.integer, .number), (.number, .number), (.string, .string),
      (.array, .array), (.object, .object), (.null, .null):
      true
    case (.number(let number), .integer): number == number.rounded() && abs(number) < 9e15
    default: false
    }
  }

  package static func text(_ number: Double) -> String {
    number == number.rounded() && abs(number) < 9e15 ? "\(Int(number))" : "\(number)"
  }
}

extension OptionProperty {
  /// Reads what was typed, by the type that is asked for; a text that does not fit comes back as it is, for
  /// ``problem(with:)`` to name.
  package func value(of text: String) -> JSONValue {
    for type in types.isEmpty ? [.boolean, .integer, .number, .string] : types {
      if let value = Self.read(text, as: type) { return value }
    }
    return .string(text)
  }

  private static func read(_ text: String, as type: ValueType) -> JSONValue? {
    switch type {
    case .boolean:
      ["true": true, "yes": true, "on": true, "false": false, "no": false, "off": false][text.lowercased()]
    case .integer: Int(text).map(JSONValue.integer)
    case .number: Int(text).map(JSONValue.integer) ?? Double(text).flatMap { $0.isFinite ? .number($0) : nil }
    case .string: .string(text)
    case .null: ["null", "none"].contains(text) ? .null : nil
    case .object: (try? JSON.decode(JSONValue.self, from: text, what: "")).flatMap { $0.objectValue == nil ? nil : $0 }
    case .array:
      (try? JSON.decode(JSONValue.self, from: text, what: "")).flatMap { $0.arrayValue == nil ? nil : $0 }
        ?? .array(
          text.split(separator: ",").map { part in
            Int(part).map(JSONValue.integer) ?? Double(part).map(JSONValue.number) ?? .string(String(part))
          })
    }
  }
}
