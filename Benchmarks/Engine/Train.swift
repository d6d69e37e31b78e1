import ArgumentParser
import BenchWorker
import EmotionDenseNet
import SentryNN

/// Whole training steps: forward, backward, clip, AdamW.
struct Train: ParsableCommand {
  @OptionGroup var options: NetworkOptions
  @Option(help: "What does not train: none, or all through block3.") var freeze = Freeze.none
  @Option(help: "What frozen batch norms normalise by: batch or eval.") var frozenNorm = FrozenNorm.batchStatistics
  @Option(help: "Numbers of the convolutions: f32 or bf16.") var precision = Precision.f32
  @Option(help: "normal, or low: 1×1 convolutions are computed again in the backward pass.") var memory = MemoryUse
    .normal
  @Option(help: "How pieces are given to threads.") var schedule = Schedule.fixed

  enum Freeze: String, ExpressibleByArgument, CaseIterable { case none, block3 }

  func run() throws {
    var settings = EmotionNet.Options()
    (settings.frozenNorm, settings.precision) = (frozenNorm, precision)
    (settings.memory, settings.schedule) = (memory, schedule)
    let base = peakBytes()
    let network = try options.network(settings)
    if freeze == .block3 { network.freezeThroughBlock3() }
    let (images, batch) = (options.images(), options.batch)
    var random = RandomStream(seed: 2)
    let labels = (0..<batch).map { _ in Int32(random.next() % 6) }
    var gradient = [Float](repeating: 0, count: batch * 6)
    let loss = try CrossEntropy(labelSmoothing: 0.15)
    let optimiser = try Optimizer(
      AdamW(),
      of: network.parameters.filter(\.trainable).map {
        Optimizer.Tensor(value: $0.value, gradient: $0.gradient, count: $0.count)
      }, executor: network.context.executor)
    var step: UInt64 = 0
    try serve(network, options, items: batch, base: base) {
      step += 1
      let output = try network.forward(input: images, batch: batch, training: true, seed: step)
      _ = try loss.evaluate(logits: output.logits, targets: labels, batch: batch, classes: 6, gradient: &gradient)
      try network.backward(logitsGradient: gradient)
      optimiser.step(learningRate: 1e-4)
      network.parametersChanged()  // as EmotionModel calls it, frozen weights included
    }
  }
}

extension FrozenNorm: ExpressibleByArgument {}
extension MemoryUse: ExpressibleByArgument {}
extension Schedule: ExpressibleByArgument {}

extension EmotionNet {
  fileprivate func freezeThroughBlock3() {
    for parameter in parameters where parameter.name.hasPrefix("backbone.") {
      let name = parameter.name.dropFirst("backbone.features.".count)
      parameter.trainable = name.hasPrefix("denseblock4") || name.hasPrefix("norm5")
    }
  }
}
