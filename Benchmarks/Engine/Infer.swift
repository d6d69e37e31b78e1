import ArgumentParser
import BenchWorker
import EmotionDenseNet
import SentryNN

/// Forward passes in evaluation mode.
struct Infer: ParsableCommand {
  @OptionGroup var options: NetworkOptions
  @Option(help: "Numbers of the convolutions: f32 or bf16.") var precision = Precision.f32

  func run() throws {
    var settings = EmotionNet.Options()
    settings.precision = precision
    let base = peakBytes()
    let network = try options.network(settings)
    let images = options.images()
    for _ in 0..<3 { _ = try network.forward(input: images, batch: options.batch, training: false) }
    try serve(network, options, items: options.batch, base: base) {
      _ = try network.forward(input: images, batch: options.batch, training: false)
    }
  }
}

extension Precision: ExpressibleByArgument {}
