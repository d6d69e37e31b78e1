import ArgumentParser
import BenchWorker
import SentryNN
import SentryThreads

/// The sequence models alone, timed. Benchmarks/bench runs it beside its peers; by hand:
/// `SequenceBench posture --rounds 3` or `SequenceBench classifier --rounds 3`.
@main struct SequenceBench: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Times whole training steps of the posture network and the classifier heads without the rest of Sentry.",
    subcommands: [PostureTraining.self, ClassifierTraining.self])
}

/// What both commands are told.
struct StepOptions: ParsableArguments {
  @Option(help: "Compute threads.") var threads = 2
  @Option(help: "Passes in one round.") var passes = 20
  @Option(help: "Rounds; without it, one for every line on standard input.") var rounds: Int?

  func pool() throws -> ThreadPool { try ThreadPool(threadCount: threads) }

  func serve(items: Int, _ pass: () throws -> Void) throws {
    try pass()
    _ = try Worker(items: items, passes: passes, rounds: rounds).serve(pass)
  }

  /// Noise of deviation 1.
  func inputs(_ count: Int) -> [Float] {
    var random = RandomStream(seed: 1)
    return (0..<count).map { _ in Float(random.normal()) }
  }
}
