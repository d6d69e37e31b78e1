import ArgumentParser
import EmotionDenseNet
import SentryNN

/// Forward passes in evaluation mode.
struct Infer: ParsableCommand {
  @OptionGroup var options: NetworkOptions
  @Option(help: "Numbers of the convolutions: f32 or bf16.") var precision = "f32"

  func validate() throws {
    guard precision == "f32" else { throw ValidationError("the engine infers in f32 only") }
  }

  func run() throws {
    let network = try options.network()
    let images = options.images()
    for _ in 0..<3 { _ = try network.forward(input: images, batch: options.batch, training: false) }
    try serve(network.context, options, items: options.batch) {
      _ = try network.forward(input: images, batch: options.batch, training: false)
    }
  }
}
