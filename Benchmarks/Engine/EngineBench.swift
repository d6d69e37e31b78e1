import ArgumentParser
import EmotionDenseNet
import SentryNN
import SentryThreads

/// The emotion network alone, timed. Benchmarks/bench runs it beside its peers; by hand:
/// `EngineBench train --size 48 --batch 64 --profile < /dev/null` or `… --rounds 3`.
@main struct EngineBench: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Times the emotion network without the rest of Sentry.", subcommands: [Train.self, Infer.self])
}

/// What both commands are told.
struct NetworkOptions: ParsableArguments {
  @Option(help: "Height and width of the images.") var size = 224
  @Option(help: "Images in one pass.") var batch = 32
  @Option(help: "Compute threads.") var threads = 2
  @Option(help: "Passes in one round.") var passes = 2
  @Option(help: "Rounds; without it, one for every line on standard input.") var rounds: Int?
  @Flag(help: "End with the seconds of each class of operation.") var profile = false

  func network(_ options: EmotionNet.Options = EmotionNet.Options()) throws -> EmotionNet {
    var options = options
    options.imageSize = size
    return try EmotionNet(options, executor: try ThreadPool(threadCount: threads))
  }

  /// Noise of deviation 1, [batch][size][size].
  func images() -> [Float] {
    var random = RandomStream(seed: 1)
    return (0..<batch * size * size).map { _ in Float(random.normal()) }
  }
}
