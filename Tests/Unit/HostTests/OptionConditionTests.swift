import SentryPluginAPI
import Testing
@testable import SentryRuntime

/// What a user sets of an option that has no effect beside the others is refused.
@Suite struct OptionConditionTests {
  private func schema(_ condition: JSONValue = ["rule": ["sgd"]]) throws -> OptionSchema {
    try OptionSchema(
      [
        "properties": [
          "rule": ["type": "string", "enum": ["adamw", "sgd"], "default": "adamw"],
          "momentum": [
            "type": "number", "default": 0.9, "description": "The momentum factor.", "x-sentry-used-when": condition,
          ],
          "weights": ["type": "string"],
          "stem": ["type": "string", "default": "sum", "x-sentry-used-when": ["weights": ["not": [.null]]]],
        ]
      ], what: "a schema")
  }

  private func resolve(_ values: KeyValuePairs<String, JSONValue>, recipe: [String: JSONValue] = [:]) throws
    -> [String: JSONValue]
  {
    let resolver = OptionResolver(holders: [.trainer: OptionHolder(title: "trainer 't'", schema: try schema())])
    func say(_ name: String, _ value: JSONValue, _ source: OptionSource) -> OptionAssignment {
      OptionAssignment(scope: .trainer, name: name, value: .value(value), source: source, folder: "/")
    }
    return try resolver.resolve(
      .trainer,
      recipe.map { say($0.key, $0.value, .recipe("r")) }
        + values.map { say($0.key, $0.value, .file("c.yaml", line: 3)) })
  }

  @Test func anOptionWithoutEffectIsRefused() throws {
    let error = #expect(throws: PluginError.self) { try resolve(["momentum": 0.5]) }
    #expect(error?.message == "c.yaml, line 3: trainer.momentum has no effect, because trainer.rule is adamw")
    #expect(error?.hint == "trainer 't' uses it when rule is sgd; leave it out")
    let unset = #expect(throws: PluginError.self) { try resolve(["stem": "mean"]) }
    #expect(unset?.message.hasSuffix("because trainer.weights is not set") == true)
    #expect(unset?.hint?.contains("when weights is set") == true)
  }

  @Test func oneThatIsUsedIsTaken() throws {
    #expect(try resolve(["momentum": 0.5, "rule": "sgd"])["momentum"] == 0.5)
    #expect(try resolve(["stem": "mean", "weights": "w"])["stem"] == "mean")
  }

  /// Nothing that was wanted is lost with a default, and nobody typed what a recipe says.
  @Test func defaultsAndRecipesMayStateIt() throws {
    #expect(try resolve(["momentum": 0.9])["momentum"] == 0.9)
    #expect(try resolve([:], recipe: ["momentum": 0.5])["momentum"] == 0.5)
  }

  @Test func helpSaysIt() throws {
    let properties = try schema().properties
    #expect(properties["momentum"]?.fullHelp == "The momentum factor. Used when rule is sgd.")
    #expect(properties["stem"]?.fullHelp == "Used when weights is set.")
    #expect(properties["rule"]?.fullHelp == "")
  }

  @Test(
    arguments: [
      (["rule": ["sdg"]], "must be one of adamw, sgd"), (["rle": ["sgd"]], "which is no other option"),
      (["momentum": [1]], "which is no other option"), (["rule": "sgd"], "neither an array of values"),
      ("sgd", "not an object"),
    ] as [(JSONValue, String)])
  func aConditionThatNothingCanMeetIsRefused(condition: JSONValue, words: String) throws {
    let error = #expect(throws: PluginError.self) { try schema(condition) }
    #expect(error?.message.contains(words) == true, "\(error?.message ?? "")")
  }
}
