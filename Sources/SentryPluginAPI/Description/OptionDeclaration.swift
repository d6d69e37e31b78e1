/// One option of a component, as its JSON Schema states it.
public struct OptionDeclaration: Sendable {
  public let name: String
  let schema: [String: JSONValue]

  private init(_ name: String, _ schema: [String: JSONValue]) { (self.name, self.schema) = (name, schema) }

  private init(
    _ name: String, _ type: JSONValue, _ help: String, _ fallback: JSONValue?, _ more: [String: JSONValue?] = [:]
  ) {
    var schema: [String: JSONValue] = ["type": type, "description": .string(help)]
    schema["default"] = fallback
    for (key, value) in more { schema[key] = value }
    self.init(name, schema)
  }

  public static func integer(
    _ name: String, _ fallback: Int, minimum: Int? = nil, maximum: Int? = nil, _ help: String
  ) -> OptionDeclaration {
    .init(
      name, "integer", help, .integer(fallback),
      ["minimum": minimum.map(JSONValue.integer), "maximum": maximum.map(JSONValue.integer)])
  }

  public static func number(
    _ name: String, _ fallback: Double, minimum: Double? = nil, maximum: Double? = nil, _ help: String
  ) -> OptionDeclaration {
    .init(
      name, "number", help, .number(fallback),
      ["minimum": minimum.map(JSONValue.number), "maximum": maximum.map(JSONValue.number)])
  }

  public static func flag(_ name: String, _ fallback: Bool = false, _ help: String) -> OptionDeclaration {
    .init(name, "boolean", help, .bool(fallback))
  }

  public static func choice(_ name: String, _ fallback: String, of choices: [String], _ help: String)
    -> OptionDeclaration
  {
    .init(name, "string", help, .string(fallback), ["enum": .array(choices.map(JSONValue.string))])
  }

  /// A text; without a default it may be absent.
  public static func string(_ name: String, _ fallback: String? = nil, _ help: String) -> OptionDeclaration {
    .init(name, "string", help, fallback.map(JSONValue.string))
  }

  /// A value for each of some names, as JSON or, in a configuration file, as a mapping.
  public static func object(_ name: String, _ fallback: [String: JSONValue], _ help: String) -> OptionDeclaration {
    .init(name, "object", help, .object(fallback))
  }

  /// A file or folder; the host makes it absolute, and names it in errors.
  public static func path(_ name: String, _ help: String) -> OptionDeclaration {
    .init(name, "string", help, nil, ["format": "path"])
  }

  /// The same option, which is still read under the names and with the values that it had before: on the command line, in
  /// configuration files, recipes, run.json and checkpoints.
  ///
  /// - Parameter values: today's value for each former one, by its text: `["low": true]`.
  public func formerly(_ names: String..., values: [String: JSONValue] = [:]) -> OptionDeclaration {
    OptionDeclaration(
      name,
      schema.merging([
        "x-sentry-former-names": .array(names.map(JSONValue.string)), "x-sentry-former-values": .object(values),
      ]) { _, added in added })
  }

  /// The dataset's tasks, which the host fills in: `[ClassificationTask]` under the key `tasks`.
  public static let tasks = OptionDeclaration(
    "tasks", "array", "The tasks of the dataset; set by the host.", nil, ["x-sentry-host": true])

  /// What is put in, which the host fills in: the `TensorSpecification` of what the augmenter gives (for a model) or the
  /// dataset (for an augmenter, and for a model without one) under the key `input`.
  public static let input = OptionDeclaration(
    "input", "object", "The type and shape of the input; set by the host.", nil, ["x-sentry-host": true])

  /// How the values of the training samples lie, which the host fills in where the dataset can tell: ``FeatureStatistics``
  /// under the key `statistics`.
  public static let statistics = OptionDeclaration(
    "statistics", "object", "Mean and standard deviation of the features of the training samples; set by the host.",
    nil,
    ["x-sentry-host": true])

  /// The run's seed, which the host fills in: a non-negative integer under the key `seed`.
  public static let seed = OptionDeclaration(
    "seed", "integer", "The seed of the run; set by the host.", nil, ["x-sentry-host": true])

  static func schema(_ options: [OptionDeclaration]) -> JSONValue {
    [
      "$schema": "https://json-schema.org/draft/2020-12/schema", "type": "object", "additionalProperties": false,
      "properties": .object(Dictionary(options.map { ($0.name, .object($0.schema)) }) { _, last in last }),
    ]
  }
}

/// The options of a component, checked and completed by the host.
public struct Options: Sendable {
  public let json: String
  public init(json: String) { self.json = json }

  public func decode<Value: Decodable>(_ type: Value.Type = Value.self) throws -> Value {
    try JSON.decode(type, from: json, what: "options")
  }
}
