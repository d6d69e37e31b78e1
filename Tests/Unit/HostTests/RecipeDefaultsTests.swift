import SentryPluginAPI
import Testing
@testable import SentryCLI
@testable import SentryRuntime
@testable import SentryTraining

/// Defaults of a recipe that hang on whether an option is set.
@Suite struct RecipeDefaultsTests {
  private func rate(_ words: [String] = [], flags: [String: String?] = [:]) throws -> JSONValue? {
    let schema = try OptionSchema(
      [
        "properties": [
          "weights": ["type": "string"], "lr": ["type": "number", "default": 0.5],
          "size": ["type": "integer", "default": 1], "kind": ["type": "string", "default": "b"],
        ]
      ], what: "a schema")
    let resolver = OptionResolver(holders: [
      .run: OptionHolder(title: "the run", schema: try RunOptions.schema()),
      .model: OptionHolder(title: "model 'm'", schema: schema),
      .trainer: OptionHolder(title: "trainer 't'", schema: schema),
    ])
    let recipe = Recipe(
      name: "r", summary: "", dataset: "d", model: "m", trainer: "t", defaults: ["trainer.lr": 0.1],
      defaultsWhenSet: ["model.weights": ["trainer.lr": 0.01], "trainer.kind=b": ["trainer.lr": 0.2]],
      flags: [
        Recipe.Flag("weights", .path, sets: ["model.weights"], ""),
        Recipe.Flag("lr", .number, sets: ["trainer.lr"], ""),
        Recipe.Flag("aggressive", .boolean, sets: ["run.augmentation"], value: "strong", ""),
      ])
    let request = try TrainOptions.parse(words).request(recipe, flags: flags)
    return try resolver.resolve(.trainer, request.assignments(resolver))["lr"]
  }

  @Test func theyStandOverTheOthersWhereItIsSet() throws {
    #expect(try rate() == 0.1)
    #expect(try rate(["--set", "model.size=2"]) == 0.1)
    #expect(try rate(["--set", "model.weights=w.pth"]) == 0.01)
    #expect(try rate(flags: ["weights": "w.pth"]) == 0.01)
  }

  /// A default is not what somebody set; and what the weights ask for stands over what the trainer does.
  @Test func theyMayAskForAValue() throws {
    #expect(try rate(["--set", "trainer.kind=a"]) == 0.1)
    #expect(try rate(["--set", "trainer.kind=b"]) == 0.2)
    #expect(try rate(["--set", "trainer.kind=b", "--set", "trainer.kind=a"]) == 0.1)
    #expect(try rate(["--set", "trainer.kind=b"], flags: ["weights": "w.pth"]) == 0.01)
  }

  @Test func nothingIsNotSet() throws {
    var request = try TrainOptions.parse([]).request(
      Recipe(
        name: "r", summary: "", dataset: "d", model: "m", trainer: "t", defaults: ["run.seed": 1],
        defaultsWhenSet: ["run.init-weights": ["run.seed": 2]]), flags: [:])
    func seed() throws -> JSONValue? {
      let resolver = OptionResolver(holders: [.run: OptionHolder(title: "the run", schema: try RunOptions.schema())])
      return try resolver.resolve(.run, request.assignments(resolver))["seed"]
    }
    func file(_ value: JSONValue) -> OptionAssignment {
      .init(scope: .run, name: "init-weights", value: .value(value), source: .file("f.yaml", line: 1), folder: "/")
    }
    request.configuration = [file("w.pth")]
    #expect(try seed() == 2)
    request.configuration = [file(.null)]
    #expect(try seed() == 1)
  }

  @Test func whatTheUserSaysStandsOverThem() throws {
    #expect(try rate(["--set", "trainer.lr=0.3"], flags: ["weights": "w.pth"]) == 0.3)
    #expect(try rate(flags: ["weights": "w.pth", "lr": "0.2"]) == 0.2)
  }

  @Test func twoFlagsMustNotContradictEachOther() throws {
    let error = #expect(throws: PluginError.self) {
      try rate(["--augmentation", "none"], flags: ["aggressive": nil])
    }
    #expect(error?.message == "--augmentation and --aggressive both set run.augmentation")
    #expect(try rate(["--augmentation", "strong"], flags: ["aggressive": nil]) == 0.1)
  }

  @Test func anAddressMustBeOne() throws {
    let recipe = Recipe(
      name: "r", summary: "", dataset: "d", model: "m", trainer: "t", defaultsWhenSet: ["weights": [:]])
    let request = try TrainOptions.parse([]).request(recipe, flags: [:])
    #expect(throws: PluginError.self) { try request.assignments(OptionResolver(holders: [:])) }
  }
}
