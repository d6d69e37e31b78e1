import CSentryPlugin
import Synchronization
import Testing

@testable import SentryPluginAPI

/// Components that record what reaches them, to be looked at from the other side of the border.
struct RampDataset: Dataset {
  var specification = DatasetSpecification(
    sample: TensorSpecification(.uint8, [-1]), tasks: [ClassificationTask("parity", classes: ["even", "odd"])],
    notes: ["made up"])
  func count(in split: Split) -> Int { split == .train ? 10 : split == .validation ? 4 : 0 }
  func targets(at index: Int, in split: Split) throws -> [Int?] { index == 7 ? [nil] : index == 8 ? [5] : [index % 2] }
  func sample(at index: Int, in split: Split) throws -> Tensor {
    guard index < count(in: split) else {
      throw PluginError.badData("ramp.csv, row \(index)", hint: "there are \(count(in: split)) rows")
    }
    return Tensor([index + 1], (0...index).map(UInt8.init))
  }
  func name(at index: Int, in split: Split) -> String { String(repeating: "é", count: 400) + "\(split)/\(index)" }
  func group(at index: Int, in split: Split) -> Int? { index == 0 ? nil : index / 2 }
}

/// The ramp, with statistics of the indices themselves.
struct MeasuredRamp: StatisticsProviding {
  let ramp = RampDataset()
  var specification: DatasetSpecification { ramp.specification }
  func count(in split: Split) -> Int { ramp.count(in: split) }
  func targets(at index: Int, in split: Split) throws -> [Int?] { try ramp.targets(at: index, in: split) }
  func sample(at index: Int, in split: Split) throws -> Tensor { try ramp.sample(at: index, in: split) }
  func name(at index: Int, in split: Split) -> String { ramp.name(at: index, in: split) }
  func statistics(of indices: [Int], in split: Split) throws -> FeatureStatistics {
    guard let last = indices.last else { throw PluginError.invalid("of nothing") }
    let mean = Double(indices.reduce(0, +)) / Double(indices.count)
    return FeatureStatistics(
      mean: [mean], std: last == 9 ? [0, 0] : [Double(last) - mean], source: "\(indices.count) samples")
  }
}

struct ScalingAugmenter: Augmenter {
  let specification = AugmenterSpecification(
    input: TensorSpecification(.uint8, [-1]), output: TensorSpecification(.float32, [-1]), normalisation: ["scale": 0.5]
  )
  func apply(_ input: Tensor, strength: AugmentStrength, seed: UInt64) throws -> Tensor {
    let values: [Float] = try input.elements(as: UInt8.self).map {
      Float($0) * 0.5 + Float(strength.rawValue) * 100 + Float(seed)
    }
    return Tensor(input.shape, values)
  }
}

/// Counts what was freed.
final class Witness: Sendable { let freed = Atomic(0) }

/// y = w·x, and the sum of x as an embedding.
final class LinearModel: SelfUpdatingModel, GraphDescribingModel, @unchecked Sendable {
  let specification = ModelSpecification(
    architecture: "linear", input: TensorSpecification(.float32, [3]),
    outputs: [.logits("parity", classes: ["even", "odd"]), .embedding("sum", shape: [1])])
  let weight = Tensor([2, 3], (0..<6).map(Float.init))
  let gradient = Tensor([2, 3])
  let runs = Tensor([], [Int64(0)])
  var received: [[Float]?] = []
  var stale = 0
  var graphs = 0
  var lastSettings = ""
  var profiled = 0.0
  var free: Int?

  private let witness: Witness?

  init(_ witness: Witness? = nil) { self.witness = witness }
  deinit { witness?.freed.wrappingAdd(1, ordering: .relaxed) }

  var parameters: [NamedTensor] {
    [NamedTensor("fc.weight", weight, gradient: gradient, role: .trainable), NamedTensor("runs", runs)]
  }
  func forward(_ input: Tensor, training: Bool, seed: UInt64) throws -> [Tensor] {
    let (x, w) = (try input.elements(as: Float.self), try weight.elements(as: Float.self))
    let batch = input.shape[0]
    if training { try runs.elements(as: Int64.self)[0] += Int64(seed) }
    var (logits, sums): ([Float], [Float]) = ([], [])
    for row in 0..<batch {
      let sample = Array(x[(row * 3)..<(row * 3 + 3)])
      for output in 0..<2 {
        logits.append(w[output * 3] * sample[0] + w[output * 3 + 1] * sample[1] + w[output * 3 + 2] * sample[2])
      }
      sums.append(sample.reduce(0, +))
    }
    return [Tensor([batch, 2], logits), Tensor([batch, 1], sums)]
  }
  func backward(_ gradients: [Tensor?], accumulate: Bool) throws {
    received = try gradients.map { try $0.map { try $0.array(of: Float.self) } }
    let out = try gradient.elements(as: Float.self)
    for index in out.indices { out[index] = (accumulate ? out[index] : 0) + 1 }
  }
  func parametersChanged() throws { stale += 1 }
  func graph() throws -> ModelGraph {
    graphs += 1
    var graph = ModelGraph(input: "x")
    _ = graph.append("Gemm", ["x", "fc.weight"], ["transB": .int(1), "alpha": .float(1)], as: "parity")
    return graph
  }
  func update(_ settings: String) throws -> Double {
    lastSettings = settings
    return 1.5
  }
  func transfer(_ name: String, _ tensor: Tensor, write: Bool) throws {
    guard name == "fc.weight" else { throw PluginError.invalid("no parameter \(name)") }
    if write { try weight.copy(from: tensor) } else { try tensor.copy(from: weight) }
  }
}

/// Forwards to the model and keeps one tensor of state.
final class RecordingTrainer: Trainer, @unchecked Sendable {
  var model: (any Model)?
  var run: RunSpecification?
  var epoch = -1
  let momentum = Tensor([2, 3])
  var restored, remembered: JSONValue?
  var softTargets: [[Float]?] = []
  var parts = 0

  func begin(_ model: any Model, run: RunSpecification) throws { (self.model, self.run) = (model, run) }
  func beginEpoch(_ epoch: Int) throws { self.epoch = epoch }
  func step(_ batch: Batch) throws -> StepResult {
    guard let model else { throw PluginError("begin was not called") }
    softTargets.append(try batch.softTargets?.array(of: Float.self))
    let outputs = try model.forward(batch.inputs, training: true, seed: batch.seed)
    try model.backward([outputs[0], nil], accumulate: false)
    return StepResult(loss: 0.25, lossWeight: 2, gradientNorm: 3, learningRate: 0.1, correct: [1], labelled: [2])
  }
  func evaluate(_ batch: Batch) throws -> StepResult {
    guard let model else { throw PluginError("begin was not called") }
    let outputs = try model.forward(batch.inputs, training: false, seed: 0)
    let labelled = try batch.targets.elements(as: Int64.self).count { $0 >= 0 }
    return StepResult(loss: 0.5, lossWeight: 2, correct: [0], labelled: [labelled], logits: [outputs[0]])
  }
  func endEpoch(_ epoch: Int, metrics: [String: Double]) throws -> EpochDecision {
    EpochDecision(best: metrics["val_acc"] == 75, stop: epoch == 3, reason: epoch == 3 ? "enough" : nil)
  }
  var state: [NamedTensor] { [NamedTensor("momentum/fc.weight", momentum)] }
  func save() -> JSONValue { remembered ?? ["epoch": .integer(epoch)] }
  func restore(_ state: JSONValue) throws { restored = state }
}

/// A model with nothing beyond what every model has.
struct BareModel: Model {
  let specification = ModelSpecification(
    architecture: "none", input: TensorSpecification(.float32, [1]),
    outputs: [.logits("parity", classes: ["even", "odd"])])
  /// The extents of its output; nil: as described.
  var gives: [Int]?
  var parameters: [NamedTensor] { [] }
  func forward(_ input: Tensor, training: Bool, seed: UInt64) throws -> [Tensor] {
    [Tensor(gives ?? [input.shape[0], 2])]
  }
  func backward(_ gradients: [Tensor?], accumulate: Bool) throws {}
}

/// The ramp with votes: some samples have none for the first task.
struct VotedRamp: SoftTargetProviding {
  let ramp = RampDataset()
  var specification: DatasetSpecification {
    var specification = ramp.specification
    specification.tasks.append(ClassificationTask("third", classes: ["a", "b", "c"]))
    return specification
  }
  func count(in split: Split) -> Int { ramp.count(in: split) }
  func targets(at index: Int, in split: Split) throws -> [Int?] { [0, 0] }
  func sample(at index: Int, in split: Split) throws -> Tensor { try ramp.sample(at: index, in: split) }
  func name(at index: Int, in split: Split) -> String { "\(index)" }
  func softTargets(at index: Int, in split: Split) throws -> [[Float]?] {
    switch index {
    case 0: [nil, [0, 0.25, 0.75]]
    case 1: [[0.5, 0.5], [1, 0, 0]]
    case 2: [[0.5, 0.25, 0.25], nil]
    default: [[0.5, 0.75], nil]
    }
  }
}

/// Makes only what it is asked for, and takes its input early.
final class ThriftyModel: LogitsModel, InputStagingModel, @unchecked Sendable {
  let specification = ModelSpecification(
    architecture: "thrifty", input: TensorSpecification(.float32, [3]),
    outputs: [.logits("parity", classes: ["even", "odd"]), .embedding("sum", shape: [1])], optionalOutputs: true,
    device: "cuda:1 A card", precision: "tf32")
  var parameters: [NamedTensor] { [] }
  let memory = UnsafeMutableRawPointer.allocate(byteCount: 64, alignment: 64)
  var asked: [Bool] = []
  var staged: [UnsafeMutableRawPointer?] = []
  var released = 0

  deinit { memory.deallocate() }

  func forward(_ input: Tensor, training: Bool, seed: UInt64) throws -> [Tensor] {
    asked.append(false)
    return [Tensor([input.shape[0], 2]), Tensor([input.shape[0], 1])]
  }
  func forwardLogits(_ input: Tensor, training: Bool, seed: UInt64) throws -> [Tensor?] {
    asked.append(true)
    return [Tensor([input.shape[0], 2]), nil]
  }
  func backward(_ gradients: [Tensor?], accumulate: Bool) throws {}
  func allocateInput(byteCount: Int) -> UnsafeMutableRawPointer? { byteCount <= 64 ? memory : nil }
  func releaseInput(_ memory: UnsafeMutableRawPointer) { released += 1 }
  func stage(_ input: Tensor?) { staged.append(input?.data) }
}
