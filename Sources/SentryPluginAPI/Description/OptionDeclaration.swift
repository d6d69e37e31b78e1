/// One option of a component, as declared in its JSON Schema.
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

  public static func flag(_ name: String, _ fallback: Bool, _ help: String) -> OptionDeclaration {
    .init(name, "boolean", help, .bool(fallback))
  }

  /// A flag that is off unless it is set. Swift gives unlabelled arguments to parameters in order, so that a default in the middle
  /// could not be left out.
  public static func flag(_ name: String, _ help: String) -> OptionDeclaration { flag(name, false, help) }

  public static func choice(_ name: String, _ fallback: String, of choices: [String], _ help: String)
    -> OptionDeclaration
  {
    .init(name, "string", help, .string(fallback), ["enum": .array(choices.map(JSONValue.string))])
  }

  /// A string option; without a default it may be absent.
  public static func string(_ name: String, _ fallback: String?, _ help: String) -> OptionDeclaration {
    .init(name, "string", help, fallback.map(JSONValue.string))
  }

  /// A string option that may be absent.
  public static func string(_ name: String, _ help: String) -> OptionDeclaration { string(name, nil, help) }

  /// An object option: values by name, as JSON or, in a configuration file, as a mapping.
  public static func object(_ name: String, _ fallback: [String: JSONValue], _ help: String) -> OptionDeclaration {
    .init(name, "object", help, .object(fallback))
  }

  /// A path option: a file or folder. The host makes it absolute.
  public static func path(_ name: String, _ help: String) -> OptionDeclaration {
    .init(name, "string", help, nil, ["format": "path"])
  }

  /// A path option that users need not set: where it is not set, the host passes the path of the installed file, and refuses to
  /// make the component if the file is not installed. A host from before this option passes an empty string.
  public static func file(_ name: String, _ file: RequiredFile, _ help: String) -> OptionDeclaration {
    .init(name, "string", help, "", ["x-sentry-file": file.schema])
  }

  /// The same option, which is also accepted under its former names and values: on the command line, in configuration files,
  /// recipes, run.json and checkpoints.
  ///
  /// - Parameter values: the current value for the text of each former one, for example `["low": true]`.
  public func formerly(_ names: String..., values: [String: JSONValue] = [:]) -> OptionDeclaration {
    OptionDeclaration(
      name,
      schema.merging([
        "x-sentry-former-names": .array(names.map(JSONValue.string)), "x-sentry-former-values": .object(values),
      ]) { _, added in added })
  }

  /// The same option, which the component uses only while another option has one of `values`. The host refuses it otherwise, and
  /// its help says so.
  public func usedWhen(_ option: String, is values: JSONValue...) -> OptionDeclaration {
    adding(condition: .array(values), on: option)
  }

  /// The same option, which the component uses only while another option has none of `values`; `.null` stands for an option
  /// that is not set.
  public func usedUnless(_ option: String, is values: JSONValue...) -> OptionDeclaration {
    adding(condition: ["not": .array(values)], on: option)
  }

  private func adding(condition: JSONValue, on option: String) -> OptionDeclaration {
    var schema = schema
    let others = schema["x-sentry-used-when"]?.objectValue ?? [:]
    schema["x-sentry-used-when"] = .object(others.merging([option: condition]) { _, added in added })
    return OptionDeclaration(name, schema)
  }

  /// The tasks of the dataset, set by the host: `[ClassificationTask]` under the key `tasks`.
  public static let tasks = OptionDeclaration(
    "tasks", "array", "The tasks of the dataset; set by the host.", nil, ["x-sentry-host": true])

  /// The type and shape of the input, set by the host: the `TensorSpecification` of the augmenter's output (for a model) or of the
  /// dataset's samples (for an augmenter, and for a model without one) under the key `input`.
  public static let input = OptionDeclaration(
    "input", "object", "The type and shape of the input; set by the host.", nil, ["x-sentry-host": true])

  /// The statistics of the training samples, set by the host if the dataset provides them: ``FeatureStatistics`` under the key
  /// `statistics`.
  public static let statistics = OptionDeclaration(
    "statistics", "object", "Mean and standard deviation of the features of the training samples; set by the host.",
    nil,
    ["x-sentry-host": true])

  /// The seed of the run, set by the host: a non-negative integer under the key `seed`.
  public static let seed = OptionDeclaration(
    "seed", "integer", "The seed of the run; set by the host.", nil, ["x-sentry-host": true])

  /// Whether the host is going to set all weights before the first pass: `true` under the key `loads-weights`, or absent. Initial
  /// values need not be drawn then.
  public static let loadsWeights = OptionDeclaration(
    "loads-weights", "boolean", "The weights come from a file, so none need be drawn; set by the host.", nil,
    ["x-sentry-host": true])

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
