import SentryPluginAPI
import Testing
@testable import SentryCLI
@testable import SentryRuntime
@testable import SentryTraining

/// Former names and values of options, wherever they can stand.
@Suite struct OptionRenamingTests {
  private let schema: OptionSchema
  private let resolver: OptionResolver

  init() throws {
    schema = try OptionSchema(
      [
        "properties": [
          "recompute": [
            "type": "boolean", "default": false, "x-sentry-former-names": ["memory"],
            "x-sentry-former-values": ["low": true, "normal": false],
          ],
          "statistics": [
            "type": "string", "default": "batch", "enum": ["batch", "running"],
            "x-sentry-former-values": ["eval": "running", "3": "batch"],
          ],
          "weights": ["type": "string", "x-sentry-former-names": ["pretrained", "start"]],
          "lr": ["type": "number", "default": 0.5],
        ]
      ], what: "a schema")
    resolver = OptionResolver(holders: [
      .run: OptionHolder(title: "the run", schema: try RunOptions.schema()),
      .model: OptionHolder(title: "model 'm'", schema: schema),
    ])
  }

  private func resolve(_ settings: [String]) throws -> [String: JSONValue] {
    try resolver.resolve(.model, settings.map(OptionAssignment.setting))
  }

  @Test func whatIsTypedIsReadAsToday() throws {
    #expect(try resolve(["model.memory=low"])["recompute"] == true)
    #expect(try resolve(["model.memory=normal"])["recompute"] == false)
    #expect(try resolve(["model.memory=true"])["recompute"] == true)
    #expect(try resolve(["model.statistics=eval"])["statistics"] == "running")
    #expect(try resolve(["model.statistics=3"])["statistics"] == "batch")
    #expect(try resolve(["model.start=a"])["weights"] == "a")
    #expect(try resolve(["model.memory=low"])["memory"] == nil)
    // Of two names for one option the later counts, as of any two values.
    #expect(try resolve(["model.memory=low", "model.recompute=false"])["recompute"] == false)
    #expect(try resolve(["model.recompute=false", "model.memory=low"])["recompute"] == true)
    let error = #expect(throws: PluginError.self) { try resolve(["model.memory=little"]) }
    #expect(error?.message == "--set model.memory=little: model.recompute is \"little\" but must be of type boolean")
  }

  @Test func eachIsTold() throws {
    let settings = [
      "model.memory=low", "model.statistics=eval", "model.pretrained=a", "model.recompute=true", "model.lr=1",
    ]
    var notes: [String] = []
    let today = resolver.current(try settings.map(OptionAssignment.setting)) { notes.append($0) }
    #expect(
      notes == [
        "--set model.memory=low: model.memory=low is now called model.recompute=true",
        "--set model.statistics=eval: model.statistics=eval is now called model.statistics=running",
        "--set model.pretrained=a: model.pretrained is now called model.weights",
      ])
    #expect(today.map(\.name) == ["recompute", "statistics", "weights", "recompute", "lr"])
    notes = []
    #expect(resolver.current(today) { notes.append($0) }.map(\.value) == today.map(\.value) && notes.isEmpty)
  }

  @Test func recordedOptionsAreRenamed() {
    var found: [OptionRenaming] = []
    let today = schema.current(
      ["memory": "low", "statistics": "eval", "lr": 0.1, "unknown": 1, "start": "s", "weights": "w"]
    ) { found.append($0) }
    #expect(today == ["recompute": true, "statistics": "running", "lr": 0.1, "unknown": 1, "weights": "w"])
    #expect(
      found == [
        OptionRenaming(former: "memory=low", current: "recompute=true"),
        OptionRenaming(former: "statistics=eval", current: "statistics=running"),
      ])
  }

  /// Of a run from before the component had them: a run goes on, and a checkpoint is read, as if nobody had chosen.
  @Test func recordedOptionsAreCompleted() {
    let today = schema.current(["memory": "low"], .model, in: "run.json")
    #expect(today == ["recompute": true, "statistics": "batch", "lr": 0.5])
    #expect(schema.current(["lr": 0.1, "unknown": 1], .model, in: "run.json")["lr"] == 0.1)
  }

  /// A recipe may be older than the component, or younger; so may what the user says.
  @Test(arguments: [("pretrained", "weights"), ("weights", "start"), ("start", "pretrained")])
  func recipesMayUseEither(inRecipe: String, said: String) throws {
    let recipe = Recipe(
      name: "r", summary: "", dataset: "d", model: "m", trainer: "t", defaults: ["model.memory": "low"],
      defaultsWhenSet: ["model.\(inRecipe)": ["model.lr": 0.01, "model.statistics": "eval"]],
      flags: [
        Recipe.Flag("recompute", .boolean, sets: ["model.recompute"], ""),
        Recipe.Flag("memory", .string, sets: ["model.memory"], replacedBy: "recompute", ""),
      ])
    func values(_ words: [String], flags: [String: String?] = [:]) throws -> ([String: JSONValue], notes: [String]) {
      let request = try TrainOptions.parse(words).request(recipe, flags: flags)
      var notes: [String] = []
      let assignments = try request.assignments(resolver) { notes.append($0) }
      return (try resolver.resolve(.model, assignments), notes)
    }
    let (plain, notes) = try values([])
    #expect(plain["recompute"] == true && plain["lr"] == 0.5)
    #expect(notes == ["recipe 'r': model.memory=low is now called model.recompute=true"])
    let (set, _) = try values(["--set", "model.\(said)=x"])
    #expect(set["lr"] == 0.01 && set["statistics"] == "running" && set["weights"] == "x")
    let (flagged, told) = try values([], flags: ["memory": "normal"])
    #expect(flagged["recompute"] == false)
    #expect(told.contains("--memory is now called --recompute"))
  }
}
