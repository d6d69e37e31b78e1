import SentryModels
import SentryNN
import SentryPluginAPI
import SentryTestSupport
import SentryThreads
import Testing

@testable import ClassifierHeads
@testable import PostureTCNLSTM

/// All that a model that shares heads adds to what is there: its network.
private final class SumNet: Network {
  let arena = ParameterArena()
  let context: ComputeContext
  let heads: TaskHeads
  let inputShape = [-1, 4]
  let embedding = FloatBuffer()
  let gradient = FloatBuffer()
  var batch = 0
  var updates = 0

  init(_ tasks: [ClassificationTask], executor: any ParallelExecutor) throws {
    guard !tasks.isEmpty else { throw NNError(.invalidInput, "no task", hint: "give one") }
    context = try ComputeContext(executor: executor, maximumChannels: 4)
    heads = TaskHeads(
      tasks.map { .init("\($0.name)_head", hidden: [], classes: $0.classes.count, dropout: 0) }, width: 4, layer: 1,
      context: context, in: arena)
    try arena.seal()
    for head in heads.heads { head.initialise { $0.weight.fill(1) } }
  }

  /// The embedding is the sum over the rows of an item.
  func forward(_ input: UnsafePointer<Float>, extents: [Int], training: Bool, seed: UInt64?) throws
    -> [UnsafePointer<Float>]
  {
    batch = extents[0]
    for buffer in [embedding, gradient] { try buffer.reserve(batch * 4) }
    for place in 0..<batch * 4 {
      let item = input + place / 4 * extents[1] * 4
      embedding.pointer[place] = (0..<extents[1]).reduce(0) { $0 + item[$1 * 4 + place % 4] }
    }
    try heads.forward(embedding.pointer, batch: batch, seed: seed)
    return heads.heads.map { UnsafePointer($0.output.pointer) } + [UnsafePointer(embedding.pointer)]
  }

  func backward(_ gradients: [UnsafePointer<Float>?], accumulate: Bool) throws {
    if !accumulate { arena.clearGradients() }
    try heads.backward(
      embedding.pointer, gradients: Array(gradients.dropLast()), extra: gradients[gradients.count - 1],
      into: gradient.pointer, batch: batch, seed: nil)
  }

  func parametersChanged() { updates += 1 }
}

@Suite struct NetworkModelTests {
  private static let tasks = [
    ClassificationTask("a", classes: ["x", "y"]), ClassificationTask("b", classes: ["x", "y", "z"]),
  ]

  private func model(_ tasks: [ClassificationTask] = tasks) throws -> NetworkModel<SumNet> {
    try NetworkModel(
      { try SumNet(tasks, executor: TestHost.host) },
      specification: ModelSpecification(
        architecture: "sum", input: TensorSpecification(.float32, [-1, 4]), heads: tasks, embedding: 4,
        stochastic: false), host: TestHost.host)
  }

  @Test func resultsAreTheOutputsOfTheSpecification() throws {
    let model = try model()
    #expect(
      model.specification.outputs.map(\.name) == ["a", "b", "embedding"] && model.specification.taskNames == ["a", "b"])
    let outputs = try model.forward(Tensor([2, 3, 4], (0..<24).map(Float.init)), training: true, seed: 1)
    #expect(outputs.map(\.shape) == [[2, 2], [2, 3], [2, 4]])
    #expect(try outputs[2].array(of: Float.self) == [12, 15, 18, 21, 48, 51, 54, 57])
    #expect(try outputs[1].array(of: Float.self) == [66, 66, 66, 210, 210, 210])
    // Copies: the next pass leaves them as they are.
    _ = try model.sample(Tensor([2, 1, 4]), seed: 1)
    #expect(try outputs[1].array(of: Float.self)[0] == 66)
  }

  @Test func gradientsReachTheParameters() throws {
    let model = try model()
    _ = try model.forward(Tensor([1, 1, 4], [Float(1), 2, 3, 4]), training: true, seed: 0)
    let weight = try #require(model.parameters.first { $0.name == "a_head.0.weight" })
    for (accumulate, expected) in [(false, Float(1)), (true, 2), (false, 1)] {
      try model.backward([Tensor([1, 2], [Float(1), 0]), nil, nil], accumulate: accumulate)
      #expect(
        try Array(#require(weight.gradient).array(of: Float.self).prefix(4)) == [1, 2, 3, 4].map { $0 * expected })
    }
    let error = #expect(throws: PluginError.self) { try model.backward([nil], accumulate: false) }
    #expect(error?.message == "1 gradients for 3 outputs")
    try model.parametersChanged()
    #expect(model.net.updates == 1)
  }

  @Test(arguments: [[4], [1, 4], [0, 1, 4], [1, 0, 4], [1, 1, 5], [1, 1, 4, 1]])
  func inputsThatDoNotFitAreNamed(shape: [Int]) throws {
    let model = try model()
    let error = #expect(throws: PluginError.self) { try model.forward(Tensor(shape), training: false, seed: 0) }
    #expect(error?.message == "expected a batch of [?, 4], got \(shape)")
  }

  @Test func whatIsWrongWithANetworkIsTheUsersToMend() {
    let error = #expect(throws: PluginError.self) { try model([]) }
    #expect(error?.message == "no task" && error?.hint == "give one")
  }

  /// The border offers what the network can do, and nothing else.
  @Test func abilitiesAreThoseOfTheNetwork() throws {
    let plain: any Model = try model()
    #expect(!(plain is any GraphDescribingModel || plain is any MemoryEstimatingModel || plain is any Profiled))
    let heads: any Model = try ClassifierModel(
      options: ClassifierModelOptions(
        dropoutScale: 1, input: TensorSpecification(.float32, [12]), tasks: Self.tasks, seed: 1), host: TestHost.host)
    #expect(heads is any GraphDescribingModel && !(heads is any MemoryEstimatingModel || heads is any Profiled))
  }
}
