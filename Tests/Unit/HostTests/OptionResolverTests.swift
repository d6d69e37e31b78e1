import CSentryPlugin
import SentryPluginAPI
import Testing
@testable import SentryRuntime

@Suite struct OptionResolverTests {
  private let resolver: OptionResolver

  init() throws {
    let schema = try OptionSchema(
      [
        "properties": [
          "dropout": ["type": "number", "default": 0.5, "minimum": 0, "maximum": 1, "description": "Share dropped."],
          "size": ["type": "integer", "default": 224], "weights": ["type": "string", "format": "path"],
          "tasks": ["type": "array", "x-sentry-host": true],
        ]
      ], what: "a schema")
    resolver = OptionResolver(holders: [
      .run: OptionHolder(title: "the run", schema: try RunOptions.schema()),
      .model: OptionHolder(title: "model 'thing'", schema: schema),
    ])
  }

  private func say(
    _ scope: OptionScope, _ name: String, _ value: OptionAssignment.Value, _ source: OptionSource,
    folder: String = "/here"
  ) -> OptionAssignment { OptionAssignment(scope: scope, name: name, value: value, source: source, folder: folder) }

  @Test func laterOverEarlierOverDefault() throws {
    let recipe = say(.model, "size", .value(96), .recipe("r"))
    let file = say(.model, "size", .value(64), .file("c.yaml", line: 3))
    let typed = say(.model, "size", .text("48"), .commandLine("--set model.size=48"))
    #expect(try resolver.resolve(.model, [])["size"] == 224)
    #expect(try resolver.resolve(.model, [recipe])["size"] == 96)
    #expect(try resolver.resolve(.model, [recipe, file])["size"] == 64)
    #expect(try resolver.resolve(.model, [recipe, file, typed])["size"] == 48)
    #expect(try resolver.resolve(.model, [recipe, file, typed])["dropout"] == 0.5)
    #expect(try resolver.resolve(.model, [])["weights"] == nil)
  }

  @Test func errorsNameTheSourceAndSuggest() throws {
    func failure(_ assignment: OptionAssignment) -> PluginError? {
      #expect(throws: PluginError.self) { try resolver.resolve(assignment.scope, [assignment]) }
    }
    let misspelt = failure(say(.model, "dropuot", .value(0.1), .file("c.yaml", line: 7)))
    #expect(misspelt?.message == "c.yaml, line 7: model 'thing' has no option 'dropuot'")
    #expect(misspelt?.hint == "did you mean 'dropout'?")
    #expect(misspelt?.code == SENTRY_INVALID)
    let high = failure(say(.model, "dropout", .text("2"), .commandLine("--dropout")))
    #expect(high?.message == "--dropout: model.dropout is 2 but must be at most 1")
    #expect(high?.hint == "Share dropped.")
    let host = failure(say(.model, "tasks", .value([]), .commandLine("--set model.tasks=[]")))
    #expect(host?.message.contains("filled in by the host") == true)
    let epochs = failure(say(.run, "epochs", .text("0"), .commandLine("--epochs")))
    #expect(epochs?.message == "--epochs: run.epochs is 0 but must be at least 1")
  }

  @Test func aRecipeDefaultForAnotherComponentIsPassedOver() throws {
    let unknown = say(.model, "growth", .value(32), .recipe("r"))
    #expect(throws: PluginError.self) { try resolver.resolve(.model, [unknown]) }
    var other = resolver
    other.holders[.model]?.isRecipes = false
    #expect(try other.resolve(.model, [unknown])["growth"] == nil)
  }

  @Test func whatTheRunDoesNotHaveCannotBeSet() throws {
    #expect(throws: PluginError.self) {
      try resolver.checkScopes([say(.augmenter, "x", .value(1), .commandLine("--set augmenter.x=1"))])
    }
    #expect(throws: Never.self) { try resolver.checkScopes([say(.augmenter, "x", .value(1), .recipe("r"))]) }
  }

  @Test func pathsBecomeAbsolute() throws {
    func path(_ text: String, folder: String) throws -> JSONValue? {
      try resolver.resolve(.model, [say(.model, "weights", .text(text), .commandLine("--w"), folder: folder)])[
        "weights"]
    }
    #expect(try path("a/b.pth", folder: "/here") == "/here/a/b.pth")
    #expect(try path("./b.pth", folder: "/") == "/b.pth")
    #expect(try path("/a/b", folder: "/here") == "/a/b")
    #expect(throws: PluginError.self) { try path("", folder: "/here") }
  }

  @Test func settingsAreSplit() throws {
    let setting = try OptionAssignment.setting("model.name=a=b.c")
    #expect((setting.scope, setting.name) == (.model, "name"))
    #expect(setting.value == .text("a=b.c"))
    for bad in ["model.size", "size=3", "modle.size=3", ".size=3", "model.=3"] {
      #expect(throws: PluginError.self, "\(bad)") { try OptionAssignment.setting(bad) }
    }
    let error = #expect(throws: PluginError.self) { try OptionAssignment.setting("modle.size=3") }
    #expect(error?.hint == "did you mean 'model'?")
  }

  @Test func theSchemaOfARunIsThatOfItsOptions() throws {
    let values = try resolver.resolve(.run, [say(.run, "output", .text("out"), .commandLine("--output"))])
    #expect(try RunOptions(values) == RunOptions(output: "out"))
    // Every member of RunOptions can be set, and nothing else.
    var full = RunOptions(output: "out")
    (full.data, full.targetSamples, full.limit, full.balanceTask) = ("d", 1, 1, "t")
    (full.microBatch, full.initWeights, full.sizeSchedule) = (1, "s", SizeSchedule("48:1"))
    let members = try JSON.decode([String: JSONValue].self, from: try JSON.text(full), what: "run")
    #expect(Set(members.keys) == Set(try RunOptions.schema().properties.keys))
  }
}
