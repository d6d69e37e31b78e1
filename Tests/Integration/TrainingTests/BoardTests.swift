import SentryFormats
import SentryPluginAPI
import SentryTestSupport
import Synchronization
import Testing
@testable import SentryInference
@testable import SentryRuntime
@testable import SentryTraining

/// What TensorBoard is told, read back by its own reader.
@Suite struct BoardTests {
  private static let hasPeer = PeerPython.interpreter != nil
  private static let noPeer = Comment(rawValue: PeerPython.missing)
  private let scratch: Scratch
  private var path: String { "\(scratch.path)/run" }
  private var folder: String { "\(path)/tensorboard" }
  init() throws { scratch = try Scratch() }

  private func make(tasks: Bool = false) -> ToyRun {
    var run = ToyRun(path)
    if tasks {
      run.dataset.tasks = [
        ClassificationTask("colour", classes: ["red", "green", "blue"]),
        ClassificationTask("half", classes: ["a", "b"]),
      ]
    }
    return run
  }

  /// Every curve has each epoch once, with the values of history.json.
  private func expectWhole(_ comment: Comment) throws -> EventReading {
    let reading = try EventReading(folder)
    let history = try JSON.decode(History.self, from: text("\(path)/history.json"), what: "history")
    for (column, values) in history.columns {
      let points = try #require(reading.scalars[TrainingBoard.tag(column)], "\(column), \(comment)")
      #expect(points.map(\.step) == history.epochs, "\(column), \(comment)")
      #expect(points.map { Float($0.value) } == values.map { Float($0 ?? .nan) }, "\(column), \(comment)")
    }
    for tag in ["speed/images_per_second", "speed/epoch_seconds", "memory/peak_megabytes"] {
      #expect(reading.scalars[tag]?.map(\.step) == history.epochs, "\(tag), \(comment)")
    }
    #expect(reading.texts["options"]?.count == 1, "\(comment)")
    return reading
  }

  @Test(.enabled(if: hasPeer, noPeer)) func curvesOfSeveralTasks() throws {
    _ = try make(tasks: true).run()
    let reading = try expectWhole("whole")
    #expect(
      reading.scalars.keys.sorted() == [
        "accuracy/training", "accuracy/validation", "accuracy_colour/training", "accuracy_colour/validation",
        "accuracy_half/training", "accuracy_half/validation", "learning_rate", "loss/training", "loss/validation",
        "memory/peak_megabytes", "speed/epoch_seconds", "speed/images_per_second",
      ])
    // A toy of numbers has no images, and nothing draws.
    #expect(reading.pictures.isEmpty)
    let options = try #require(reading.texts["options"]?.first)
    for row in ["| run.batch-size | 8 |", "| model.size | 6 |", "| trainer | sgd (toys 1.0.0) |"] {
      #expect(options.contains(row), "\(options)")
    }
  }

  /// Stopped by the user, or cut off after an epoch was told and before its state was saved, or with half a record at the end of
  /// the file: nothing is there twice, and nothing is missing.
  @Test(.enabled(if: hasPeer, noPeer)) func nothingIsDoubledByGoingOn() throws {
    for stop in [2, 6, 8, 9, 13] {
      Scratch.clear(path)
      #expect(try make().run(cancelAfter: stop).ending == .interrupted)
      _ = try make().run(.resume)
      _ = try expectWhole("stopped after \(stop)")
    }
    for epoch in 1...3 {
      Scratch.clear(path)
      let told = Mutex(0)
      expectError("cut off") {
        _ = try make().run(willWrite: { file in
          if file.contains("/tensorboard/") { told.withLock { $0 += 1 } }
          // The first time is the beginning of the run.
          if told.withLock({ $0 }) == epoch + 1, file.hasSuffix("state.pth") { throw PluginError("cut off") }
        })
      }
      _ = try make().run(.resume)
      _ = try expectWhole("cut off in epoch \(epoch)")
    }
    Scratch.clear(path)
    _ = try make().run(cancelAfter: 9)
    let file = try #require(try SystemFile.names(in: folder)?.first)
    try AtomicFile.write(Array(try bytes("\(folder)/\(file)").dropLast(7)), to: "\(folder)/\(file)")
    _ = try make().run(.resume)
    #expect(try SystemFile.names(in: folder)?.count == 2)
    let reading = try EventReading(folder)
    // The half record was the first epoch's.
    #expect(reading.scalars["loss/training"]?.map(\.step) == [2, 3])
  }

  @Test(.enabled(if: hasPeer, noPeer)) func itCanBeLeftOutAndTakenUpAgain() throws {
    var run = make()
    run.options.tensorboard = false
    #expect(try run.run(cancelAfter: 11).ending == .interrupted)
    #expect(try SystemFile.names(in: folder) == nil)
    run.options.tensorboard = true
    _ = try run.run(.resume)
    _ = try expectWhole("taken up")
    run.options.tensorboard = false
    #expect(try run.run(.overwrite).files.contains("tensorboard") == false)
    #expect(try SystemFile.names(in: folder) == nil)
  }

  @Test func aFileThatCannotBeWrittenEndsTheRun() throws {
    expectError("\(folder)/events.out.tfevents.", "no space") {
      _ = try make().run(willWrite: { file in
        if file.contains("/tensorboard/") { throw PluginError("\(file): no space") }
      })
    }
    Scratch.clear(path)
    _ = try make().run()
    try AtomicFile.write("mine", to: "\(folder)/notes.txt")
    expectError("contains files that no run wrote: tensorboard/notes.txt") { _ = try make().run(.overwrite) }
    #expect(try text("\(folder)/notes.txt") == "mine")
  }

  @Test func tagsBelongTogether() {
    #expect(TrainingBoard.tag("train_loss") == "loss/training")
    #expect(TrainingBoard.tag("val_acc/a/b") == "accuracy_a/b/validation")
    #expect(TrainingBoard.tag("lr") == "learning_rate")
    #expect(TrainingBoard.tag("sharpness") == "metrics/sharpness")
    #expect(TrainingBoard.tag("mine/sharpness") == "mine/sharpness")
  }

  /// Answers are counted where they are told, of samples that have a label.
  @Test func answersAreCounted() throws {
    let tasks = [ClassificationTask("a", classes: ["x", "y"]), ClassificationTask("b", classes: ["p", "q", "r"])]
    var environment = SessionEnvironment(
      isCancelled: { false }, takeMetrics: { [:] }, reporter: ToyReporter(), now: { 0 })
    environment.gnuplot = Gnuplot()
    try SystemFile.makeFolder(path)
    let board = TrainingBoard(
      try .init(in: path, besides: []), environment, tasks: tasks, samples: nil)
    board.beginValidation()
    let batch = LoadedBatch(
      index: 0, count: 3, inputs: Tensor([3, 1], .float32), targets: Tensor([3, 2], [0, 2, 1, -1, 0, 0] as [Int64]),
      skipped: [])
    let logits = [
      Tensor([3, 2], [2, 1, 0, 3, 0, 1] as [Float]), Tensor([3, 3], [0, 0, 1, 5, 5, 5, 0, 2, 0] as [Float]),
    ]
    let result = StepResult(loss: 0, lossWeight: 1, correct: [2, 1], labelled: [3, 2], logits: logits)
    try board.count(batch, result)
    try board.count(batch, StepResult(loss: 0, lossWeight: 1, correct: [2, 1], labelled: [3, 2]))
    #expect(board.matrices.map(\.rows) == [[[1, 1], [0, 1]], [[0, 1, 0], [0, 0, 0], [0, 0, 1]]])
  }
}
