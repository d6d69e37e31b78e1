import CSentryPlugin
import Testing

@testable import SentryPluginAPI

extension LinearModel: MemoryEstimatingModel, Profiled {
  func estimatedBytes(batchSize: Int, training: Bool) -> Int { batchSize * (training ? 1000 : 10) + 1 }
  var availableBytes: Int? { free }
  func takeProfile() -> [String: Double] {
    profiled += 1
    return ["product": 1.5 * profiled, "nothing": .nan]
  }
}

extension LinearModel: StagedModel {
  func backward(_ gradients: [Tensor?], accumulate: Bool, ready: (Int) throws -> Void) throws {
    try backward(gradients, accumulate: accumulate)
    try ready(1)
    try ready(0)
  }
}

extension RecordingTrainer: GradientAccumulating, Profiled {
  func useMicroBatches(of samples: Int) throws {
    guard samples != 13 else { throw PluginError.invalid("not 13") }
    parts = samples
  }
  func takeProfile() -> [String: Double] { [:] }
}

/// Tells two losses, whatever the number of tasks.
private final class LossTrainer: TaskLossTrainer, @unchecked Sendable {
  private(set) var taskLosses: [WeightedLoss] = []
  func begin(_ model: any Model, run: RunSpecification) throws {}
  func beginEpoch(_ epoch: Int) throws {}
  func step(_ batch: Batch) throws -> StepResult { try evaluate(batch) }
  func evaluate(_ batch: Batch) throws -> StepResult {
    taskLosses = [WeightedLoss(sum: 3, weight: 1.5), WeightedLoss(sum: Double(batch.step), weight: 4)]
    let tasks = batch.targets.shape[1]
    return StepResult(
      loss: 1, lossWeight: 1, correct: [Int](repeating: 1, count: tasks), labelled: [Int](repeating: 1, count: tasks),
      logits: (0..<tasks).map { _ in Tensor([1, 1]) })
  }
  func endEpoch(_ epoch: Int, metrics: [String: Double]) throws -> EpochDecision { .init(best: false, stop: false) }
  var state: [NamedTensor] { [] }
  func save() -> JSONValue { [:] }
  func restore(_ state: JSONValue) throws {}
}

/// Reads a file of the length of its name, or none.
private struct NameReader: FileReadingAugmenter {
  struct Choices: Decodable { var add: Int }
  let specification = ScalingAugmenter().specification
  var reading: FileReading {
    FileReading(suffixes: [".txt"], options: [.integer("add", 1, minimum: 0, "What is added.")])
  }
  func apply(_ input: Tensor, strength: AugmentStrength, seed: UInt64) throws -> Tensor { input }
  func sampleCount(of path: String) throws -> Int { path == "empty.txt" ? 0 : path == "two.txt" ? 2 : 1 }
  func readSample(_ index: Int, of path: String, options: Options) throws -> Tensor {
    let choices: Choices = try options.decode()
    guard path != "bad.txt" else { throw PluginError.badData("bad.txt: not today", hint: "tomorrow") }
    return Tensor([2], [UInt8(path.utf8.count), UInt8(index + choices.add)])
  }
}

/// Adds the number of the view, and ten for each set before.
private struct Viewer: ViewingAugmenter {
  let specification = ScalingAugmenter().specification
  var viewSets = [ViewSet("as-is-and-more", count: 2, "One and the next."), ViewSet("three", count: 3, "Three.")]
  func apply(_ input: Tensor, strength: AugmentStrength, seed: UInt64) throws -> Tensor { input }
  func view(_ view: Int, ofSet set: Int, _ input: Tensor) throws -> Tensor {
    guard input.shape == [2] else { throw PluginError.badData("not two values", hint: "give two") }
    return Tensor([2], try input.array(of: UInt8.self).map { Float($0) + Float(10 * set + view) })
  }
}

/// A model that offers nothing beyond its kind.
private struct PlainModel: Model {
  let specification = ModelSpecification(
    architecture: "plain", input: TensorSpecification(.float32, [1]), outputs: [.logits("a", classes: ["b", "c"])])
  var parameters: [NamedTensor] { [] }
  func forward(_ input: Tensor, training: Bool, seed: UInt64) throws -> [Tensor] { [Tensor([input.shape[0], 2])] }
  func backward(_ gradients: [Tensor?], accumulate: Bool) throws {}
}

/// The optional abilities of models and trainers cross the border.
@Suite struct ExtensionTests {
  @Test func memory() throws {
    let model = try ImportedModel(adopting: export(LinearModel()))
    #expect(model.estimatedBytes(batchSize: 32, training: true) == 32_001)
    #expect(model.estimatedBytes(batchSize: 32, training: false) == 321)
  }

  @Test(arguments: [nil, 0, 1 << 40]) func memoryOfADevice(free: Int?) throws {
    let here = LinearModel()
    here.free = free
    #expect(try ImportedModel(adopting: export(here)).availableBytes == free)
    #expect(try ImportedModel(adopting: export(PlainModel())).availableBytes == nil)
  }

  @Test func profile() throws {
    let model = try ImportedModel(adopting: export(LinearModel()))
    #expect(try model.takeProfile() == ["product": 1.5], "what is no number stays behind")
    #expect(try model.takeProfile() == ["product": 3])
    let trainer = try ImportedTrainer(adopting: export(RecordingTrainer()))
    #expect(try trainer.takeProfile() == [:])
  }

  @Test func stages() throws {
    let here = LinearModel()
    let there = try ImportedModel(adopting: export(here))
    var told: [Int] = []
    let gradients = [Tensor([1, 2], [Float(1), 2]), nil]
    try there.backward(gradients, accumulate: true) { told.append($0) }
    #expect(told == [1, 0] && here.received == [[1, 2], nil])
    // An error waits for the end of the pass, and nothing more is told.
    told = []
    let error = #expect(throws: PluginError.self) {
      try there.backward(gradients, accumulate: false) {
        told.append($0)
        throw PluginError("not now")
      }
    }
    #expect(error?.message == "not now" && told == [1])
    // A model without stages has its pass all the same.
    let plain = try ImportedModel(adopting: export(PlainModel()))
    try plain.backward([nil], accumulate: false) { told.append($0) }
    #expect(told == [1])
  }

  @Test func splitting() throws {
    let here = RecordingTrainer()
    let there = try ImportedTrainer(adopting: export(here))
    #expect(try there.useMicroBatches(of: 5) && here.parts == 5)
    #expect(throws: PluginError.self) { _ = try there.useMicroBatches(of: 13) }
    #expect(throws: PluginError.self) { _ = try there.useMicroBatches(of: 0) }
  }

  @Test func lossesByTask() throws {
    func losses(tasks: Int) throws -> [WeightedLoss] {
      let there = try ImportedTrainer(adopting: export(LossTrainer()))
      let run = RunSpecification(
        epochs: 1, stepsPerEpoch: 1, batchSize: 1, balanced: false,
        tasks: (0..<tasks).map { .init(name: "t\($0)", classes: ["a"], counts: [1]) })
      try there.begin(ImportedModel(adopting: export(PlainModel())), run: run)
      let batch = Batch(epoch: 0, step: 7, seed: 0, inputs: Tensor([1]), targets: Tensor([1, tasks]))
      #expect(try there.step(batch).taskLosses.isEmpty)
      return try there.evaluate(batch).taskLosses
    }
    #expect(try losses(tasks: 2) == [WeightedLoss(sum: 3, weight: 1.5), WeightedLoss(sum: 7, weight: 4)])
    let error = #expect(throws: PluginError.self) { try losses(tasks: 1) }
    #expect(error?.message.contains("passed 1 tasks") == true)
  }

  @Test func reading() throws {
    let there = try #require(try ImportedAugmenter(adopting: export(NameReader())).reader())
    #expect(there.reading.suffixes == [".txt"] && there.specification.input.dtype == .uint8)
    #expect(there.reading.options["properties"]?["add"]?["minimum"] == 0)
    #expect(try there.sampleCount(of: "a.txt") == 1 && there.sampleCount(of: "two.txt") == 2)
    let options = Options(json: #"{"add":5}"#)
    #expect(try there.readSample(1, of: "two.txt", options: options).array(of: UInt8.self) == [7, 6])
    let bad = #expect(throws: PluginError.self) { try there.readSample(0, of: "bad.txt", options: options) }
    #expect(bad?.code == SENTRY_BAD_DATA && bad?.message == "bad.txt: not today" && bad?.hint == "tomorrow")
    let empty = #expect(throws: PluginError.self) { try there.sampleCount(of: "empty.txt") }
    #expect(empty?.message.contains("reports 0 samples") == true)
  }

  @Test func aReaderOutlivesTheNameOfItsAugmenter() throws {
    var augmenter: ImportedAugmenter? = try ImportedAugmenter(adopting: export(NameReader()))
    let reader = try augmenter?.reader()
    augmenter = nil
    #expect(try reader?.readSample(0, of: "x.txt", options: Options(json: #"{"add":2}"#)).shape == [2])
  }

  @Test func views() throws {
    let there = try ImportedAugmenter(adopting: export(Viewer()))
    #expect(there.viewSets == Viewer().viewSets)
    let sample = Tensor([2], [UInt8(1), 2])
    #expect(try there.view(1, ofSet: 0, sample).array(of: Float.self) == [2, 3])
    #expect(try there.view(2, ofSet: 1, sample).array(of: Float.self) == [13, 14])
    for (set, view) in [(0, 2), (1, -1), (2, 0), (-1, 0)] {
      #expect(throws: PluginError.self) { try there.view(view, ofSet: set, sample) }
    }
    let bad = #expect(throws: PluginError.self) { try there.view(0, ofSet: 0, Tensor([3], [UInt8(1), 2, 3])) }
    #expect(bad?.code == SENTRY_BAD_DATA && bad?.hint == "give two")
  }

  @Test(arguments: [
    [ViewSet("", count: 2, "")], [ViewSet("Flip", count: 2, "")], [ViewSet("a\u{1B}[0m", count: 2, "")],
    [ViewSet("one", count: 1, "")], [ViewSet("many", count: 257, "")],
    [ViewSet("same", count: 2, ""), ViewSet("same", count: 3, "")],
  ])
  func setsThatNobodyCanNameAreRefused(sets: [ViewSet]) throws {
    let error = #expect(throws: PluginError.self) { try ImportedAugmenter(adopting: export(Viewer(viewSets: sets))) }
    #expect(error?.message.contains("the augmenter describes a set") == true)
  }

  @Test func whatIsNotOfferedIsNil() throws {
    let plain = try ImportedAugmenter(adopting: export(ScalingAugmenter()))
    #expect(plain.viewSets.isEmpty)
    let error = #expect(throws: PluginError.self) { try plain.view(0, ofSet: 0, Tensor([2], [UInt8(1), 2])) }
    #expect(error?.code == SENTRY_UNSUPPORTED)
    #expect(try ImportedAugmenter(adopting: export(Viewer(viewSets: []))).viewSets.isEmpty)
    #expect(try ImportedAugmenter(adopting: export(ScalingAugmenter())).reader() == nil)
    let model = try ImportedModel(adopting: export(PlainModel()))
    #expect(model.estimatedBytes(batchSize: 1, training: true) == nil && !model.updatesItself)
    #expect(try model.takeProfile() == nil)
  }
}
