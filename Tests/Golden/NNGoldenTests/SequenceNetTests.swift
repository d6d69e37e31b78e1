import SentryThreads
import Testing

@testable import ClassifierHeads
@testable import PostureTCNLSTM
@testable import SentryNN

/// The posture network and the classifier heads, whole, against PyTorch in double.
@Suite struct SequenceNetTests {
  /// What both networks have in common.
  struct Network {
    let name: String
    let arena: ParameterArena
    let executor: any ParallelExecutor
    let tasks: [(name: String, classes: Int)]
    let batch: Int
    let inputs: Int
    let seed: UInt64
    let smoothing: Double
    let rate: Double
    let decay: Double
    let forward:
      (_ x: [Float], _ training: Bool, _ seed: UInt64?) throws -> (
        logits: [UnsafePointer<Float>], embedding: UnsafePointer<Float>
      )
    let backward: ([UnsafePointer<Float>?]) throws -> Void
    let parametersChanged: () -> Void

    var x: [Float] { uniform(seed + 20_000, batch * inputs, -1.5, 1.5) }
    var labels: [[Int32]] {
      tasks.enumerated().map { index, task in
        var random = RandomStream(seed: seed + 30_000 + UInt64(index))
        return (0..<batch).map { _ in Int32(random.next() % UInt64(task.classes)) }
      }
    }

    func logits(_ pointers: [UnsafePointer<Float>]) -> [[Float]] {
      zip(pointers, tasks).map { Array(UnsafeBufferPointer(start: $0, count: batch * $1.classes)) }
    }
  }

  static let names = ["posture", "posture-two-heads", "classifier"]

  static func network(_ name: String, threads: Int = 2, dropoutScale: Float = 0) throws -> Network {
    let pool = try ThreadPool(threadCount: threads)
    let network = name == "classifier" ? try classifier(pool, dropoutScale) : try posture(name, pool, dropoutScale)
    fillSequenceState(network.arena.parameters, network.arena.buffers, seed: network.seed)
    network.parametersChanged()
    return network
  }

  private static func posture(_ name: String, _ pool: ThreadPool, _ dropoutScale: Float) throws -> Network {
    var options = PostureNet.Options()
    options.dropoutScale = dropoutScale
    let (batch, steps, seed): (Int, Int, UInt64) = name == "posture" ? (16, 30, 1000) : (4, 7, 2000)
    if name != "posture" {
      options.features = 99
      options.tasks.removeLast()
    }
    let net = try PostureNet(options, executor: pool)
    return Network(
      name: name, arena: net.arena, executor: pool, tasks: options.tasks.map { ($0.name, $0.classes) }, batch: batch,
      inputs: steps * options.features, seed: seed, smoothing: 0.1, rate: 1e-4, decay: 0.05,
      forward: {
        let output = try net.forward(input: $0, batch: batch, steps: steps, training: $1, seed: $2)
        return (output.logits, output.embedding)
      }, backward: { try net.backward(logitsGradients: $0) }, parametersChanged: net.parametersChanged)
  }

  private static func classifier(_ pool: ThreadPool, _ dropoutScale: Float) throws -> Network {
    var options = ClassifierNet.Options()
    (options.features, options.dropoutScale) = (40, dropoutScale)
    let net = try ClassifierNet(options, executor: pool)
    return Network(
      name: "classifier", arena: net.arena, executor: pool, tasks: options.tasks, batch: 16, inputs: 40, seed: 3000,
      smoothing: 0, rate: 1e-3, decay: 0.01,
      forward: {
        let output = try net.forward(input: $0, batch: 16, training: $1, seed: $2)
        return (output.logits, output.embedding)
      }, backward: { try net.backward(logitsGradients: $0) }, parametersChanged: {})
  }

  @Test(arguments: names) func namesAreThoseOfTheReference(_ name: String) throws {
    let (network, golden) = (try Self.network(name), try Golden.sequences.get())
    #expect(network.arena.parameters.map(\.name) == (try golden.texts("\(name)/names")))
    #expect(network.arena.stateNames == (try golden.texts("\(name)/state")))
  }

  @Test(arguments: names, [1, 2]) func evaluation(_ name: String, threads: Int) throws {
    let (network, golden) = (try Self.network(name, threads: threads), try Golden.sequences.get())
    let output = try network.forward(network.x, false, nil)
    for (task, logits) in zip(network.tasks, network.logits(output.logits)) {
      #expect(largestDifference(logits, try golden.tensor("\(name)/evaluation/\(task.name)")) < 1e-5)
    }
    let embedding = sample(output.embedding, network.batch * 512)
    #expect(largestDifference(embedding, try golden.tensor("\(name)/evaluation/embedding")) < 1e-4)
    #expect(throws: NNError.self) { try network.backward(network.tasks.map { _ in nil }) }
  }

  @Test(arguments: names, [1, 2]) func fiveSteps(_ name: String, threads: Int) throws {
    let (network, golden) = (try Self.network(name, threads: threads), try Golden.sequences.get())
    let (x, labels) = (network.x, network.labels)
    let loss = try CrossEntropy(labelSmoothing: network.smoothing)
    let optimiser = try Optimizer(
      AdamW(weightDecay: network.decay),
      of: network.arena.parameters.map { Optimizer.Tensor(value: $0.value, gradient: $0.gradient, count: $0.count) },
      executor: network.executor)
    let slopes = try network.tasks.map { try FloatBuffer(network.batch * $0.classes) }
    for (step, exact) in try golden.numbers("\(name)/losses").enumerated() {
      let output = try network.forward(x, true, nil)
      var sum = 0.0
      for (index, task) in network.tasks.enumerated() {
        sum += try loss.evaluate(
          logits: output.logits[index], targets: labels[index], batch: network.batch, classes: task.classes,
          gradient: slopes[index].pointer
        ).mean
      }
      #expect(abs(sum - exact) < 1e-5, "step \(step)")
      if step == 0 {
        for (task, logits) in zip(network.tasks, network.logits(output.logits)) {
          #expect(largestDifference(logits, try golden.tensor("\(name)/\(task.name)")) < 1e-5)
        }
      }
      try network.backward(slopes.map { UnsafePointer($0.pointer) })
      if step == 0 {
        for parameter in network.arena.parameters {
          try expectGradient(parameter, golden.tensor("\(name)/gradient/\(parameter.name)"))
        }
      }
      optimiser.step(learningRate: network.rate)
      network.parametersChanged()
    }
  }

  /// A head without a gradient, whose task no sample of the batch has a label for, stays as it is.
  @Test(arguments: names) func aTaskWithoutGradient(_ name: String) throws {
    let network = try Self.network(name)
    let output = try network.forward(network.x, true, nil)
    var slopes: [UnsafePointer<Float>?] = output.logits.map { $0 }
    slopes[0] = nil
    try network.backward(slopes)
    for parameter in network.arena.parameters {
      let gradient = norm(Array(UnsafeBufferPointer(start: parameter.gradient, count: parameter.count)))
      if parameter.name.hasPrefix(network.tasks[0].name) {
        #expect(gradient == 0, "\(parameter.name)")
      } else if parameter.name.hasPrefix(network.tasks[1].name) {
        #expect(gradient > 0, "\(parameter.name)")
      }
    }
  }

  @Test(arguments: names) func dropOutDependsOnItsSeedAlone(_ name: String) throws {
    func logits(_ seed: UInt64?, threads: Int, training: Bool) throws -> [Float] {
      let network = try Self.network(name, threads: threads, dropoutScale: 1)
      return network.logits(try network.forward(network.x, training, seed).logits).flatMap { $0 }
    }
    for training in [true, false] {
      let first = try logits(3, threads: 2, training: training)
      #expect(largestDifference(first, try logits(3, threads: 1, training: training)) < 1e-4)
      #expect(largestDifference(first, try logits(4, threads: 2, training: training)) > 1e-2)
      #expect(largestDifference(first, try logits(nil, threads: 2, training: training)) > 1e-2)
    }
  }

  /// With drop-out, along the gradient of everything together.
  @Test(arguments: names) func differencesWithDropOut(_ name: String) throws {
    let network = try Self.network(name, dropoutScale: 1)
    let weights = network.tasks.map { uniform(5, network.batch * $0.classes, -1, 1) }
    func loss() throws -> Double {
      network.parametersChanged()
      return zip(network.logits(try network.forward(network.x, true, 9).logits), weights).reduce(0) { sum, pair in
        zip(pair.0, pair.1).reduce(sum) { $0 + Double($1.0) * Double($1.1) }
      }
    }
    _ = try loss()
    let slopes = try weights.map { values in
      let buffer = try FloatBuffer(values.count)
      buffer.pointer.update(from: values, count: values.count)
      return buffer
    }
    try withExtendedLifetime(slopes) { try network.backward(slopes.map { UnsafePointer($0.pointer) }) }
    let parameters = network.arena.parameters
    let gradients = parameters.map { Array(UnsafeBufferPointer(start: $0.gradient, count: $0.count)) }
    let origins = parameters.map { Array(UnsafeBufferPointer(start: $0.value, count: $0.count)) }
    let length = norm(gradients.flatMap { $0 })
    let step = 2e-4 * norm(origins.flatMap { $0 })
    func moved(_ sign: Double) throws -> Double {
      for ((parameter, origin), gradient) in zip(zip(parameters, origins), gradients) {
        for index in 0..<parameter.count {
          parameter.value[index] = Float(Double(origin[index]) + sign * step * Double(gradient[index]) / length)
        }
      }
      return try loss()
    }
    let slope = (try moved(1) - moved(-1)) / (2 * step)
    #expect(abs(slope / length - 1) < 0.02, "differences \(slope), gradient \(length)")
  }
}
