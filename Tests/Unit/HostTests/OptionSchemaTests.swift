import SentryPluginAPI
import Testing
@testable import SentryRuntime

@Suite struct OptionSchemaTests {
  private func schema(_ properties: JSONValue) throws -> OptionSchema {
    try OptionSchema(["type": "object", "additionalProperties": false, "properties": properties], what: "a schema")
  }

  @Test func readsWhatWasTypedByType() throws {
    let schema = try schema([
      "count": ["type": "integer"], "rate": ["type": "number"], "name": ["type": "string"], "on": ["type": "boolean"],
      "limit": ["type": ["integer", "null"]], "list": ["type": "array", "items": ["type": "number"]],
    ])
    func value(_ name: String, _ text: String) -> JSONValue? { schema.properties[name]?.value(of: text) }
    #expect(value("count", "3") == .integer(3))
    #expect(value("count", "3.5") == .string("3.5"))
    #expect(value("rate", "3") == .integer(3))
    #expect(value("rate", "1e-4") == .number(1e-4))
    #expect(value("rate", "nan") == .string("nan"))
    #expect(value("name", "3") == .string("3"))
    #expect(value("on", "Yes") == .bool(true))
    #expect(value("on", "off") == .bool(false))
    #expect(value("limit", "none") == .null)
    #expect(value("list", "0.9,1") == .array([.number(0.9), .integer(1)]))
    #expect(value("list", "[1, 2]") == .array([.integer(1), .integer(2)]))
  }

  struct Rule: Sendable {
    var name: String
    var bound, bad, good: JSONValue
  }
  @Test(arguments: [
    Rule(name: "minimum", bound: 3, bad: 2, good: 3), Rule(name: "maximum", bound: 3, bad: 4, good: 3),
    Rule(name: "exclusiveMinimum", bound: 3, bad: 3, good: 4),
    Rule(name: "exclusiveMaximum", bound: 3, bad: 3, good: 2),
    Rule(name: "enum", bound: ["a", "b"], bad: "c", good: "b"),
    Rule(name: "pattern", bound: "^[a-z]+$", bad: "A", good: "a"),
  ])
  func everyRuleRefusesAndAdmits(rule: Rule) throws {
    let schema = try schema(["x": .object([rule.name: rule.bound])])
    let property = try #require(schema.properties["x"])
    #expect(property.problem(with: rule.bad) != nil)
    #expect(property.problem(with: rule.good) == nil)
  }

  @Test func aPatternIsToldWithAnExample() throws {
    let stated: JSONValue = ["type": "string", "pattern": "^[0-9]+x[0-9]+$", "examples": ["640x480", "1x1"]]
    let property = try #require(try schema(["x": stated]).properties["x"])
    #expect(property.problem(with: "640") == "is \"640\" but must match ^[0-9]+x[0-9]+$, for example 640x480")
    let device = RunOptions.table.first { $0.name == Device.option }?.property
    #expect(device?.problem(with: "tpu") == "is \"tpu\" but must be auto, cpu, cuda or cuda:N")
    // What an option offers as an example is accepted.
    for property in RunOptions.table.map(\.property) {
      if let example = property.pattern?.example { #expect(property.problem(with: .string(example)) == nil) }
    }
  }

  @Test func typesAreChecked() throws {
    let property = try #require(try schema(["x": ["type": "integer"]]).properties["x"])
    #expect(property.problem(with: "3") == "is \"3\" but must be of type integer")
    #expect(property.problem(with: 3.5) == "is 3.5 but must be of type integer")
    #expect(property.problem(with: 3.0) == nil)
    #expect(property.problem(with: true) != nil)
    let list = try #require(try schema(["x": ["type": "array", "items": ["type": "string"]]]).properties["x"])
    #expect(list.problem(with: ["a", 1]) != nil)
    #expect(list.problem(with: ["a"]) == nil)
  }

  @Test(
    arguments: [
      ["x": ["type": "integer", "multipleOf": 2]], ["x": ["type": "whole"]], ["x": 3],
      ["x": ["type": "integer", "default": "three"]], ["x": ["type": "integer", "minimum": 5, "default": 4]],
      ["x": ["type": "integer", "x-sentry-former-names": "y"]],
      ["x": ["type": "integer", "x-sentry-former-names": [1]]],
      ["x": ["x-sentry-former-names": ["y"]], "y": [:]],
      ["x": ["x-sentry-former-names": ["z"]], "y": ["x-sentry-former-names": ["z"]]],
      ["x": ["type": "boolean", "x-sentry-former-values": ["low": "yes"]]],
      ["x": ["type": "boolean", "x-sentry-former-values": ["low"]]],
      ["x": ["type": "string", "pattern": "("]], ["x": ["type": "integer", "minimum": "one"]],
    ] as [JSONValue])
  func aSchemaThatCannotBeKeptIsRefused(properties: JSONValue) {
    #expect(throws: PluginError.self) { try schema(properties) }
  }

  @Test func openSchemasAreRefused() {
    #expect(throws: PluginError.self) { try OptionSchema(["additionalProperties": true], what: "a schema") }
    #expect(throws: PluginError.self) { try OptionSchema(["patternProperties": [:]], what: "a schema") }
    #expect(throws: Never.self) { try OptionSchema([:], what: "a schema") }
  }
}
