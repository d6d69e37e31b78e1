import SentryModels
import SentryNN
import SentryPluginAPI

/// ``EmotionNet`` as the border sees it: one task, its logits, and the 1280-d embedding.
final class EmotionModel: SamplingModel, @unchecked Sendable {
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
    (settings.precision, settings.forcesPrecision) = (options.precision == .bf16 ? .bf16 : .f32, options.forceBF16)
    settings.memory = options.memory == .low ? .low : .normal
    settings.schedule = options.schedule == .dynamic ? .dynamic : .fixed
    do {
      net = try EmotionNet(settings, executor: host)
    } catch let error as NNError {
      throw PluginError.invalid(error.message, hint: error.hint)
    }
    for parameter in net.parameters {
      parameter.trainable = !options.effectiveFreeze.frozenPrefixes.contains(where: parameter.name.hasPrefix)
    }
    parameters = net.arena.namedTensors
    specification = ModelSpecification(
      architecture: "DenseNet121", input: TensorSpecification(.float32, [1, options.inputSize, options.inputSize]),
      outputs: [
        .logits(task.name, classes: task.classes), .embedding("embedding", shape: [EmotionHead.embeddingSize]),
      ], stochastic: true)
    if let file = options.pretrained {
      let report = try PretrainedWeights(file: file).load(
        into: parameters, stem: options.pretrainedStem)
      host.log(.info, report)
      net.parametersChanged()
    }
    let trained = parameters.filter { $0.role == .trainable }
    host.log(
      .debug,
      "\(trained.reduce(0) { $0 + $1.value.count }) of \(net.parameters.reduce(0) { $0 + $1.count }) parameters train")
  }

  func forward(_ input: Tensor, training: Bool, seed: UInt64) throws -> [Tensor] {
    try outputs(of: input, training: training, seed: training ? seed : nil)
  }

  func sample(_ input: Tensor, seed: UInt64) throws -> [Tensor] {
    try outputs(of: input, training: false, seed: seed)
  }

  private func outputs(of input: Tensor, training: Bool, seed: UInt64?) throws -> [Tensor] {
    let (size, batch) = (net.options.imageSize, input.shape.first ?? 0)
    guard batch > 0, input.shape == [batch, 1, size, size], let pixels = try input.elements(as: Float.self).baseAddress
    else {
      throw PluginError.invalid("expected a batch of [1, \(size), \(size)], got \(input.shape)")
    }
    let output = try net.forward(input: pixels, batch: batch, training: training, seed: seed)
    return [
      Tensor([batch, net.options.classes], copying: output.logits),
      Tensor([batch, EmotionHead.embeddingSize], copying: output.embedding),
    ]
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
