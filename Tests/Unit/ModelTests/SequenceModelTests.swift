import SentryPluginAPI
import SentryTestSupport
import Testing

@testable import ClassifierHeads
@testable import PostureTCNLSTM

/// The models as the border sees them.
@Suite struct SequenceModelTests {
  private static let posture = ClassificationTask("posture", classes: ["upright", "slouched", "open", "closed"])
  private static let trajectory = ClassificationTask("trajectory", classes: ["stable", "deteriorating", "improving"])

  private func postureModel(
    _ shape: [Int] = [30, 15], dtype: DType = .float32, tasks: [ClassificationTask] = [posture, trajectory],
    dropout: Double = 1
  ) throws -> PostureModel {
    try PostureModel(
      options: PostureModelOptions(
        dropoutScale: dropout, input: TensorSpecification(dtype, shape, layout: "TF"), tasks: tasks, seed: 1),
      host: TestHost.host)
  }

  private func classifier(_ shape: [Int] = [12], dropout: Double = 1) throws -> ClassifierModel {
    try ClassifierModel(
      options: ClassifierModelOptions(
        dropoutScale: dropout, input: TensorSpecification(.float32, shape), tasks: [Self.trajectory], seed: 1),
      host: TestHost.host)
  }

  private func ramp(_ shape: [Int]) -> Tensor {
    Tensor(shape, (0..<shape.reduce(1, *)).map { Float($0 % 13) / 6 - 1 })
  }

  @Test func onlyTasksOfTheDatasetHaveHeads() throws {
    let names = try postureModel().parameters.map(\.name)
    #expect(names.contains("posture_classifier.0.weight") && names.contains("trajectory_classifier.3.bias"))
    #expect(!names.contains { $0.hasPrefix("stress") })
    let model = try postureModel()
    #expect(model.parameters.first { $0.name == "trajectory_classifier.0.weight" }?.value.shape == [64, 512])
    #expect(model.specification.outputs.map(\.name) == ["posture", "trajectory", "embedding"])
  }

  @Test func initialWeightsAreThoseOfTheReference() throws {
    let model = try postureModel()
    func values(_ name: String) throws -> [Float] {
      try #require(model.parameters.first { $0.name == name }).value.array(of: Float.self)
    }
    // Xavier-uniform with gain 0.1: within 0.1·√(6/1024), and filling that range.
    let bound = 0.1 * (6.0 / 1024).squareRoot()
    let linear = try values("projection.4.weight").map { abs(Double($0)) }
    #expect(linear.allSatisfy { $0 <= bound * 1.0001 } && (linear.max() ?? 0) > 0.99 * bound)
    #expect(try values("projection.4.bias").allSatisfy { $0 == 0 })
    // Kaiming-normal by fan-out: deviation √(2/(64·3)).
    let conv = try values("tcn.network.0.conv2.weight").map(Double.init)
    let deviation = (conv.reduce(0) { $0 + $1 * $1 } / Double(conv.count)).squareRoot()
    #expect(abs(deviation / (2.0 / 192).squareRoot() - 1) < 0.03)
    let recurrent = try values("lstm.weight_hh_l1").map { abs(Double($0)) }
    #expect(recurrent.allSatisfy { $0 <= 1 / 128.0.squareRoot() } && (recurrent.max() ?? 0) > 0.087)
    #expect(try values("tcn.network.2.bn1.weight").allSatisfy { $0 == 1 })
  }

  @Test func sequencesOfAnyLengthPass() throws {
    let model = try postureModel([-1, 15])
    for steps in [1, 2, 30, 45] {
      let outputs = try model.forward(ramp([3, steps, 15]), training: false, seed: 0)
      #expect(outputs.map(\.shape) == [[3, 4], [3, 3], [3, 512]])
      #expect(try outputs.allSatisfy { try $0.array(of: Float.self).allSatisfy(\.isFinite) })
    }
  }

  @Test func aSampleOfTheBatchDoesNotDependOnTheOthers() throws {
    let model = try postureModel()
    let x = ramp([4, 30, 15])
    let all = try model.forward(x, training: false, seed: 0)[0].array(of: Float.self)
    let third = Tensor([1, 30, 15], Array(try x.array(of: Float.self)[2 * 450..<3 * 450]))
    let alone = try model.forward(third, training: false, seed: 0)[0].array(of: Float.self)
    #expect(zip(all[8..<12], alone).allSatisfy { abs($0 - $1) < 1e-5 })
  }

  @Test func misfitsAreNamed() throws {
    for (shape, dtype): ([Int], DType) in [
      ([15], .float32), ([1, 30, 15], .float32), ([30, -1], .float32), ([30, 15], .uint8),
    ] {
      let error = #expect(throws: PluginError.self) { try postureModel(shape, dtype: dtype) }
      #expect(error?.message.contains("this model takes sequences") == true)
    }
    let error = #expect(throws: PluginError.self) { try classifier([30, 15]) }
    #expect(error?.message.contains("vectors of features") == true)
    #expect(throws: PluginError.self) { try postureModel().forward(ramp([2, 30, 14]), training: false, seed: 0) }
    #expect(throws: PluginError.self) { try classifier().forward(ramp([2, 13]), training: false, seed: 0) }
    #expect(throws: (any Error).self) { try postureModel(tasks: []) }
    #expect(throws: (any Error).self) { try postureModel().backward([nil, nil, nil], accumulate: false) }
  }

  @Test func samplesDifferBySeedAndEvaluationDoesNot() throws {
    let (posture, heads) = (try postureModel(), try classifier())
    let models: [(any SamplingModel, Tensor)] = [(posture, ramp([4, 30, 15])), (heads, ramp([4, 12]))]
    for (model, x) in models {
      func logits(_ tensors: [Tensor]) throws -> [Float] { try tensors[0].array(of: Float.self) }
      let first = try logits(model.sample(x, seed: 1))
      #expect(try first == logits(model.sample(x, seed: 1)) && first != logits(model.sample(x, seed: 2)))
      #expect(
        try logits(model.forward(x, training: false, seed: 1)) == logits(model.forward(x, training: false, seed: 2)))
      // A sample is no training: the running statistics stay, and there is nothing to go back from.
      #expect(throws: (any Error).self) { try model.backward([nil, nil, nil], accumulate: false) }
      #expect(model.specification.stochastic == true)
    }
    #expect(try postureModel(dropout: 0).specification.stochastic == false)
    for tensor in posture.parameters where tensor.name.hasSuffix("num_batches_tracked") {
      #expect(try tensor.value.array(of: Int64.self) == [0])
    }
  }

  @Test func theTemperatureDividesTheLogits() throws {
    let model = try classifier()
    let x = ramp([4, 12])
    let temperature = try #require(model.parameters.first { $0.name == "temperature" })
    #expect(temperature.role == .buffer && temperature.value.shape == [1])
    let warm = try model.forward(x, training: false, seed: 0)[0].array(of: Float.self)
    #expect(try temperature.value.array(of: Float.self) == [1.5])
    try temperature.value.elements(as: Float.self)[0] = 3
    let warmer = try model.forward(x, training: false, seed: 0)[0].array(of: Float.self)
    #expect(zip(warm, warmer).allSatisfy { abs($0 / 2 - $1) < 1e-6 })
    for wrong: Float in [0, -1, .nan] {
      try temperature.value.elements(as: Float.self)[0] = wrong
      #expect(throws: (any Error).self) { try model.forward(x, training: false, seed: 0) }
    }
  }
}
