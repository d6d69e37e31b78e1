import ArgumentParser
import ClassifierHeads
import PostureTCNLSTM
import SentryNN
import SentryThreads

/// Forward, losses, backward, clip, AdamW: the posture recipe's step.
struct PostureTraining: ParsableCommand {
  static let configuration = CommandConfiguration(commandName: "posture")
  @OptionGroup var options: StepOptions
  @Option(help: "Sequences in one pass.") var batch = 32
  @Option(help: "Frames of a sequence.") var frames = 30
  @Option(help: "Values of a frame.") var features = 15

  func run() throws {
    var settings = PostureNet.Options()
    settings.features = features
    let net = try PostureNet(settings, executor: try options.pool())
    let x = options.inputs(batch * frames * features)
    let step = try TrainingStep(
      net.arena, net.context.executor, batch: batch, classes: settings.tasks.map { $0.classes }, smoothing: 0.1,
      decay: 0.05, rate: 1e-4)
    try options.serve(items: batch) {
      try step.run { seed in
        try net.forward(input: x, batch: batch, steps: frames, training: true, seed: seed).logits
      } backward: {
        try net.backward(logitsGradients: $0)
      }
      net.parametersChanged()
    }
  }
}

/// The classifier recipe's step.
struct ClassifierTraining: ParsableCommand {
  static let configuration = CommandConfiguration(commandName: "classifier")
  @OptionGroup var options: StepOptions
  @Option(help: "Items in one pass.") var batch = 64
  @Option(help: "Values of an item.") var features = 1024

  func run() throws {
    var settings = ClassifierNet.Options()
    settings.features = features
    let net = try ClassifierNet(settings, executor: try options.pool())
    let x = options.inputs(batch * features)
    let step = try TrainingStep(
      net.arena, net.context.executor, batch: batch, classes: settings.tasks.map { $0.classes }, smoothing: 0,
      decay: 0.01,
      rate: 1e-3)
    try options.serve(items: batch) {
      try step.run { seed in
        try net.forward(input: x, batch: batch, training: true, seed: seed).logits
      } backward: {
        try net.backward(logitsGradients: $0)
      }
    }
  }
}
