import SentryPluginAPI
import SentryRuntime
import Synchronization

/// The time of a model's evaluation passes, without the loading of samples. The first pass, in which a model may pack its
/// weights, and smaller batches count only where there are no others.
package final class ForwardClock: Sendable {
  private struct State {
    var first: (seconds: Double, samples: Int)?
    var seconds = 0.0
    var samples = 0
    var batchSize = 0
    /// Of one sample.
    var shape: [Int] = []
  }
  private let state = Mutex(State())

  package init() {}

  func timed<Result>(_ inputs: Tensor, _ body: () throws -> Result) rethrows -> Result {
    let start = MonotonicClock.seconds()
    defer {
      let (seconds, samples) = (MonotonicClock.seconds() - start, inputs.shape.first ?? 0)
      state.withLock { state in
        state.batchSize = max(state.batchSize, samples)
        state.shape = Array(inputs.shape.dropFirst())
        guard state.first != nil else { return state.first = (seconds, samples) }
        // A last, smaller batch may be packed anew.
        guard samples == state.batchSize else { return }
        (state.seconds, state.samples) = (state.seconds + seconds, state.samples + samples)
      }
    }
    return try body()
  }

  /// Of a sample; nil before the first pass.
  var secondsPerSample: Double? {
    state.withLock { state in
      let (seconds, samples) = state.samples > 0 ? (state.seconds, state.samples) : state.first ?? (0, 0)
      return samples > 0 ? seconds / Double(samples) : nil
    }
  }
  var batchSize: Int { state.withLock(\.batchSize) }
  var sampleShape: [Int] { state.withLock(\.shape) }
}
