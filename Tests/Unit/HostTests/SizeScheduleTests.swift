import SentryPluginAPI
import Testing
@testable import SentryCLI
@testable import SentryRuntime
@testable import SentryTraining

/// Sizes of inputs and validations over the epochs of a run.
@Suite struct SizeScheduleTests {
  @Test func aScheduleSaysWhichEpochHasWhichSize() throws {
    let schedule = try #require(SizeSchedule("48:10,96:20"))
    #expect(schedule.epochs == 30 && schedule.last.size == 96 && schedule.sizes == [48, 96])
    #expect([0, 9, 10, 29, 30].map(schedule.size) == [48, 48, 96, 96, 96])
    #expect(schedule.description == "48:10,96:20")
    #expect(SizeSchedule("96:1,48:2,96:1")?.sizes == [96, 48] && SizeSchedule("96:1,48:2")?.largest == 96)
    for text in ["", "48", "48:", "48:0", "0:5", "48:5,", "48:5;96:5", "48:5:6", "-48:5", "48:5, 96:5", "99999999:1"] {
      #expect(SizeSchedule(text) == nil, "\(text)")
      #expect(try RunOptions.schema().properties["size-schedule"]?.problem(with: .string(text)) != nil, "\(text)")
    }
  }

  @Test func optionsSayWhichEpochsAreValidatedAndJudged() throws {
    var options = RunOptions(output: "o")
    (options.epochs, options.validateEvery) = (5, 2)
    #expect((0..<5).filter(options.validates) == [1, 3, 4])
    #expect((0..<5).filter(options.judges) == [1, 3, 4])
    options.sizeSchedule = SizeSchedule("32:2,48:3")
    #expect((0..<5).filter(options.judges) == [3, 4])
    try options.check()
    #expect(try JSON.decode(RunOptions.self, from: try JSON.text(options), what: "run") == options)
    options.epochs = 4
    let error = #expect(throws: PluginError.self) { try options.check() }
    #expect(error?.message.contains("has 5 epochs, but run.epochs is 4") == true)
  }

  @Test func aLeastNumberOfStepsMultipliesTheEpochs() throws {
    var options = RunOptions(output: "o")
    (options.epochs, options.minSteps) = (20, 2000)
    #expect(options.lengthened(stepsPerEpoch: 100) == options)
    let longer = options.lengthened(stepsPerEpoch: 11)
    #expect(longer.epochs == 200 && longer.validateEvery == 10 && longer.checkpointEvery == 50)
    #expect((0..<longer.epochs).count(where: longer.validates) == 20)
    #expect(longer.lengthened(stepsPerEpoch: 11) == longer)
    #expect(options.lengthened(like: longer) == longer && options.lengthened(like: options) == options)
    var other = options
    other.epochs = 21
    #expect(other.lengthened(like: longer) == other)
    try longer.check()
    (options.epochs, options.minSteps) = (3, 500_000)
    (options.validateEvery, options.checkpointEvery) = (1_000_000, .max)
    try options.lengthened(stepsPerEpoch: 1).check()
    options.checkpointEvery = 0
    #expect(options.lengthened(stepsPerEpoch: 1).checkpointEvery == 0)
    (options.epochs, options.sizeSchedule) = (5, SizeSchedule("32:2,48:3"))
    let error = #expect(throws: PluginError.self) { try options.check() }
    #expect(error?.message.contains("run.size-schedule sets the number of epochs: 32:2,48:3") == true)
  }

  private let recipe = Recipe(
    name: "r", summary: "", dataset: "d", augmenter: "a", model: "m", trainer: "t", defaults: ["run.epochs": 7],
    flags: [
      .init("side", .integer, sets: ["model.input-size", "augmenter.size"], ""),
      .init("side-schedule", .string, sets: ["run.size-schedule"], ""),
    ], sizeFlag: "side")

  private func resolved(
    _ words: [String] = [], flags: [String: String?] = [:], recipe: Recipe? = nil, file: [OptionAssignment] = []
  ) throws -> [JSONValue?] {
    func schema(_ name: String) throws -> OptionSchema {
      try OptionSchema(["properties": [name: ["type": "integer", "default": 224, "minimum": 32]]], what: "a schema")
    }
    let resolver = OptionResolver(holders: [
      .run: OptionHolder(title: "the run", schema: try RunOptions.schema()),
      .model: OptionHolder(title: "model 'm'", schema: try schema("input-size")),
      .augmenter: OptionHolder(title: "augmenter 'a'", schema: try schema("size")),
    ])
    var request = try TrainOptions.parse(words).request(recipe ?? self.recipe, flags: flags)
    request.configuration = file
    let all = try RunPlanner.withSizes(try request.assignments(resolver), resolver, request.recipe)
    return [
      try resolver.resolve(.run, all)["epochs"], try resolver.resolve(.model, all)["input-size"],
      try resolver.resolve(.augmenter, all)["size"],
    ]
  }

  @Test func itSetsTheEpochsAndTheLastSize() throws {
    #expect(try resolved() == [7, 224, 224])
    let set = ["--set", "run.side-schedule=48:10,96:20"]
    #expect(try resolved(set) == [30, 96, 96])
    #expect(try resolved(["--set", "run.size-schedule=48:10,96:20"]) == [30, 96, 96])
    #expect(try resolved(flags: ["side-schedule": "48:10,96:20"]) == [30, 96, 96])
    // What is said besides may be the same.
    #expect(try resolved(set + ["--epochs", "30"], flags: ["side": "96"]) == [30, 96, 96])
    let file = OptionAssignment(
      scope: .run, name: "side-schedule", value: .value("48:10,96:20"), source: .file("f.yaml", line: 2), folder: "/")
    #expect(try resolved(file: [file]) == [30, 96, 96])
  }

  @Test func whatContradictsItIsNamed() throws {
    func message(_ words: [String], flags: [String: String?] = [:], recipe: Recipe? = nil) -> String? {
      let error = #expect(throws: PluginError.self) { try resolved(words, flags: flags, recipe: recipe) }
      return error?.description
    }
    let set = ["--set", "run.side-schedule=48:10,96:20"]
    #expect(message(set + ["--epochs", "5"])?.contains("--epochs sets run.epochs to 5") == true)
    #expect(message(set, flags: ["side": "48"])?.contains("--side sets model.input-size to 48") == true)
    #expect(message(set + ["--set", "augmenter.size=48"])?.contains("ends with the size 96") == true)
    #expect(
      message(["--set", "run.side-schedule=16:1,96:2"])?
        .contains("model.input-size is 16 but must be at least 32") == true)
    #expect(
      message(["--set", "run.side-schedule=48"])?.contains(
        "but must be SIZE:EPOCHS, or several of these with commas between them, for example 48:10,96:20") == true)
    let line = OptionAssignment(
      scope: .run, name: "epochs", value: .value(5), source: .file("f.yaml", line: 2), folder: "/")
    let error = #expect(throws: PluginError.self) { try resolved(set, file: [line]) }
    #expect(error?.hint?.hasPrefix("remove line 2 of f.yaml, because") == true)
    var other = recipe
    other.sizeFlag = nil
    #expect(message(set, recipe: other)?.contains("have no size that could change") == true)
    other.flags = []
    let request = try TrainOptions.parse(set).request(other, flags: [:])
    let unknown = #expect(throws: PluginError.self) { try request.checkFlagNames([other, recipe]) }
    #expect(unknown?.message.contains("has no 'side-schedule', which is a flag of 'r'") == true)
    other.sizeFlag = "side"
    #expect(other.flagProblem(reserved: [])?.contains("size_flag 'side' is none of its flags") == true)
  }

  @Test func aFlagOfTheRecipeMayBeSetAsAnOptionOfTheRun() throws {
    #expect(try resolved(["--set", "run.side=64"]) == [7, 64, 64])
    let error = #expect(throws: PluginError.self) { try resolved(["--set", "run.sidle=64"]) }
    #expect(error?.message.contains("the run has no option 'sidle'") == true)
  }

  @Test func theBestEpochIsOneOfTheLastSizeThatWasValidated() throws {
    var history = History()
    history.append(epoch: 1, ["train_loss": 3, History.size: 32], absent: ["val_acc"])
    history.append(epoch: 2, ["train_loss": 2, History.size: 32, "val_acc": 90])
    #expect(history.bestEpoch == 2 && history.columns["val_acc"] == [nil, 90])
    history.append(epoch: 3, ["train_loss": 2, History.size: 48], absent: ["val_acc"])
    #expect(history.bestEpoch == nil)
    history.append(epoch: 4, ["train_loss": 2, History.size: 48, "val_acc": 60])
    #expect(history.bestEpoch == 4)
    #expect(try JSON.text(history).contains(#""val_acc":[null,90,null,60]"#))
    #expect(try JSON.decode(History.self, from: JSON.text(history), what: "history") == history)
  }
}
