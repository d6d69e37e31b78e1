import SentryNN
import SentryPluginAPI

/// ``EmotionNet`` as the border sees it: one task, its logits, and the 1280-d embedding.
final class EmotionModel: Model, @unchecked Sendable {
  let specification: ModelSpecification
  let parameters: [NamedTensor]
  let net: EmotionNet

  init(options: EmotionModelOptions, host: Host) throws {
    guard let task = options.tasks.first, options.tasks.count == 1 else {
      throw PluginError.invalid("this model answers one task, the dataset asks \(options.tasks.map(\.name))")
    }
    var settings = EmotionNet.Options()
    (settings.imageSize, settings.classes, settings.seed) = (options.inputSize, task.classes.count, options.seed)
    settings.frozenNorm = options.frozenNorm == .eval ? .runningStatistics : .batchStatistics
    net = try EmotionNet(settings, executor: host)
    for parameter in net.parameters {
      parameter.trainable = !options.effectiveFreeze.frozenPrefixes.contains(where: parameter.name.hasPrefix)
    }
    parameters = Self.namedTensors(of: net)
    specification = ModelSpecification(
      architecture: "DenseNet121", input: TensorSpecification(.float32, [1, options.inputSize, options.inputSize]),
      outputs: [
        .logits(task.name, classes: task.classes), .embedding("embedding", shape: [EmotionHead.embeddingSize]),
      ])
    if let file = options.pretrained {
      let report = try PretrainedWeights(file: file).load(into: parameters)
      host.log(.info, report)
      net.parametersChanged()
    }
    let trained = parameters.filter { $0.role == .trainable }
    host.log(
      .debug,
      "\(trained.reduce(0) { $0 + $1.value.count }) of \(net.parameters.reduce(0) { $0 + $1.count }) parameters train")
  }

  /// In the order of the state dict. Their memory is the network's and lives as long.
  private static func namedTensors(of net: EmotionNet) -> [NamedTensor] {
    var byName: [String: NamedTensor] = [:]
    for parameter in net.parameters {
      byName[parameter.name] = NamedTensor(
        parameter.name, Tensor(parameter.shape, over: parameter.value),
        gradient: parameter.trainable ? Tensor(parameter.shape, over: parameter.gradient) : nil,
        role: parameter.trainable ? .trainable : .frozen)
    }
    for buffer in net.buffers {
      let tensor =
        switch buffer.storage {
        case .float32(let pointer): Tensor(buffer.shape, .float32, over: pointer)
        case .int64(let pointer): Tensor(buffer.shape, .int64, over: pointer)
        }
      byName[buffer.name] = NamedTensor(buffer.name, tensor, role: .buffer)
    }
    return net.stateNames.compactMap { byName[$0] }
  }

  func forward(_ input: Tensor, training: Bool, seed: UInt64) throws -> [Tensor] {
    let (size, batch) = (net.options.imageSize, input.shape.first ?? 0)
    guard batch > 0, input.shape == [batch, 1, size, size], let pixels = try input.elements(as: Float.self).baseAddress
    else {
      throw PluginError.invalid("expected a batch of [1, \(size), \(size)], got \(input.shape)")
    }
    let output = try net.forward(input: pixels, batch: batch, training: training, seed: seed)
    return [
      try copy(output.logits, [batch, net.options.classes]),
      try copy(output.embedding, [batch, EmotionHead.embeddingSize]),
    ]
  }

  private func copy(_ source: UnsafePointer<Float>, _ shape: [Int]) throws -> Tensor {
    let tensor = Tensor(shape)
    try tensor.elements(as: Float.self).baseAddress?.update(from: source, count: tensor.count)
    return tensor
  }

  func backward(_ gradients: [Tensor?], accumulate: Bool) throws {
    guard let logits = gradients.first ?? nil else {
      throw PluginError.invalid("the gradient of the logits is missing")
    }
    let embedding = gradients.count > 1 ? gradients[1] : nil
    guard let slope = try logits.elements(as: Float.self).baseAddress else {
      throw PluginError.invalid("an empty gradient")
    }
    try net.backward(
      logitsGradient: slope,
      embeddingGradient: try embedding?.elements(as: Float.self).baseAddress.map { UnsafePointer($0) },
      accumulate: accumulate)
  }

  func parametersChanged() throws { net.parametersChanged() }
}
