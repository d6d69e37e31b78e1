import Glibc
import SentryFormats
import SentryPluginAPI
import Testing
@testable import SentryTraining
@testable import SentryRuntime

@Suite struct RunDirectoryTests {
  private let scratch: Scratch
  private var path: String { "\(scratch.path)/deep/run" }
  init() throws { scratch = try Scratch() }

  private func put(_ text: String, _ name: String) throws {
    try SystemFile.makeFolder(path)
    try AtomicFile.write(text, to: "\(path)/\(name)")
  }

  @Test func aDirectoryWithContentsIsRefused() throws {
    try put("mine", "notes.txt")
    expectError("is not empty", "notes.txt") { _ = try ToyRun(path).run() }
    expectError("contains files that no run wrote: notes.txt") { _ = try ToyRun(path).run(.overwrite) }
    expectError("has no run.json") { _ = try ToyRun(path).run(.resume) }
    #expect(try text("\(path)/notes.txt") == "mine")
  }

  @Test func aRunIsRefusedUnlessItIsToBeReplaced() throws {
    _ = try ToyRun(path, epochs: 2).run()
    expectError("--resume \(path)", "--overwrite") { _ = try ToyRun(path).run() }
    try put("", "state/2/.state.pth.tmp-1")
    try put("", ".best_model.pth.tmp-77-1")
    #expect(try ToyRun(path, epochs: 1).run(.overwrite).ending == .finished)
    #expect(
      try SystemFile.names(in: path) == [
        "best_model.pth", "final_model.pth", "history.json", "run.json", "state", "tensorboard", "timing.json",
      ])
    #expect(try SystemFile.names(in: "\(path)/state") == ["1", "current"])
  }

  @Test func theModelsFilesMayBeCalledOtherwise() throws {
    func make(_ best: String, _ final: String) -> ToyRun {
      var run = ToyRun(path, epochs: 1)
      (run.options.bestFile, run.options.finalFile) = (best, final)
      return run
    }
    let others = ["history.json", "run.json", "tensorboard", "timing.json"]
    let first = try make("best_classifier.pth", "final_classifier.pth").run()
    #expect(first.files == ["best_classifier.pth", "final_classifier.pth"] + others)
    #expect(try PyTorchFile.read("\(path)/best_classifier.pth")["epoch"]?.int == 1)
    #expect(try make("best_classifier.pth", "final_classifier.pth").run(.resume) == first)
    // Another run may take the place of one that called its files otherwise, and leaves nothing of it.
    #expect(try make("a.pth", "b.pth").run(.overwrite).files == ["a.pth", "b.pth"] + others)
    #expect(try ToyRun(path, epochs: 1).run(.overwrite).files == ["best_model.pth", "final_model.pth"] + others)
    try put("mine", "a.pth")
    expectError("contains files that no run wrote: a.pth") { _ = try ToyRun(path).run(.overwrite) }
  }

  @Test(arguments: [
    "", "a", ".pth", "../a.pth", "a/b.pth", "/a.pth", ".a.pth", "a.pth ", "a\n.pth", "final_model.pth",
    "checkpoint_epoch_3.pth", "a.json", String(repeating: "a", count: 300) + ".pth",
  ]) func aNameThatIsNoPlainFileNameIsRefused(name: String) throws {
    var run = ToyRun(path)
    run.options.bestFile = name
    expectError("run.best-file is") { _ = try run.run() }
    #expect(try SystemFile.names(in: path) == nil)
  }

  @Test func nothingForeignIsRemovedFromTheStateEither() throws {
    _ = try ToyRun(path, epochs: 1).run()
    try put("mine", "state/notes.txt")
    expectError("state/notes.txt") { _ = try ToyRun(path).run(.overwrite) }
    #expect(try text("\(path)/state/notes.txt") == "mine")
    #expect(try bytes("\(path)/final_model.pth").count > 1000)
  }

  @Test func onlyNamesOfARunCountAsItsOwn() {
    for own in ["run.json", "checkpoint_epoch_10.pth", ".history.json.tmp-12-3"] {
      #expect(RunDirectory.isOwn(own), "\(own)")
    }
    for foreign in [
      "run.json~", "checkpoint_epoch_.pth", "checkpoint_epoch_x.pth", ".notes.tmp-1", "state", ".hidden", "",
      "events.out.tfevents.1.host",
    ] {
      #expect(!RunDirectory.isOwn(foreign), "\(foreign)")
    }
  }

  @Test func twoProcessesDoNotShareARun() throws {
    let directory = RunDirectory(path: path)
    let lock = try directory.open(.new)
    expectError("another process is working on this run") { _ = try directory.open(.new) }
    withExtendedLifetime(lock) {}
  }

  @Test func badDataLeavesNoDirectoryAndNoOldRunIsLost() throws {
    var run = ToyRun(path)
    run.dataset.counts[.train] = 0
    expectError("no training samples") { _ = try run.run() }
    #expect(try SystemFile.names(in: path) == nil)
    _ = try ToyRun(path, epochs: 1).run()
    expectError("no training samples") { _ = try run.run(.overwrite) }
    #expect(try SystemFile.names(in: path)?.contains("final_model.pth") == true)
  }

  @Test func thePlanComesBackFromTheRecord() throws {
    let run = ToyRun(path, epochs: 1)
    _ = try run.run()
    let plan = try RunRecord.plan(at: path)
    #expect(try JSON.text(plan) == JSON.text(run.plan))
    let record = try RunRecord.read(at: path)
    #expect(record.plugins == ["toys": .init(version: "1.0.0", sha256: "00")])
    #expect((record.sessions.first?.machine.cores ?? 0) >= 1)
    #expect(record.data.train.samples == 46)
    #expect(record.data.train.tasks[0].counts == [23, 15, 8])
    #expect(record.data.notes == ["a toy"])
    #expect(record.sessions.map(\.outcome) == ["finished"])
  }

  @Test(arguments: [0, 1, 100, 500]) func aDamagedRecordIsAnErrorThatNamesIt(length: Int) throws {
    _ = try ToyRun(path, epochs: 1).run()
    let whole = try text("\(path)/run.json")
    try put(String(whole.prefix(length)), "run.json")
    expectError("\(path)/run.json", "damaged", "--overwrite") { _ = try RunRecord.plan(at: path) }
    try put("[1]", "run.json")
    expectError("\(path)/run.json") { _ = try RunRecord.plan(at: path) }
    expectError("does not exist") { _ = try RunRecord.plan(at: "\(path)-not") }
  }

  @Test func historyHasOneArrayForEachKey() throws {
    _ = try ToyRun(path).run(metrics: ["sharpness": 0.25])
    let history = try JSON.decode([String: [Double]].self, from: text("\(path)/history.json"), what: "history")
    #expect(
      history.keys.sorted() == ["epoch", "lr", "sharpness", "train_acc", "train_loss", "val_acc", "val_loss"])
    #expect(history["epoch"] == [1, 2, 3])
    #expect(history["lr"] == [0.3, 0.15, 0.3 / 3])
    #expect(history.values.allSatisfy { $0.count == 3 })
    #expect(history["val_acc"]?.allSatisfy { (0...100).contains($0) } == true)
    // The toy is easy: three epochs are plenty.
    #expect(try #require(history["val_acc"]?.last) > 80)
    let timing = try JSON.decode([String: [Double]].self, from: text("\(path)/timing.json"), what: "timing")
    let columns = ["epoch", "epoch_ends", "images_per_second", "peak_memory_bytes", "seconds"]
    #expect(timing.keys.sorted() == (columns + ["first_step_begins", "first_step_ends"]).sorted())
    for (name, values) in timing {
      #expect(values.count == (columns.contains(name) ? 3 : 1), "\(name)")
      #expect(values.allSatisfy { $0 > 0 }, "\(name)")
    }
    #expect(try #require(timing["first_step_begins"]?.first) <= #require(timing["first_step_ends"]?.first))
    #expect(timing["epoch_ends"]?.sorted() == timing["epoch_ends"])
  }

  @Test func columnsThatComeLaterStayInLine() throws {
    var history = History()
    history.append(epoch: 1, ["a": 1])
    history.append(epoch: 2, ["a": 2, "b": 3])
    history.append(epoch: 3, ["b": 4])
    #expect(history.columns == ["a": [1, 2, nil], "b": [nil, 3, 4]])
    #expect(try JSON.decode(History.self, from: JSON.text(history), what: "") == history)
  }
}
