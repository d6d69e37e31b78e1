import Glibc

/// Two sums per channel, in double, kept apart by thread and added up in the order of the threads.
final class ChannelSums {
  private let threads: Int
  let channels: Int
  private let storage: UnsafeMutablePointer<Double>
  /// The processes that train together; nil for one alone.
  var ranks: Ranks?

  init(threads: Int, channels: Int) {
    (self.threads, self.channels) = (threads, channels)
    storage = .allocate(capacity: 2 * threads * channels)
  }

  deinit { storage.deallocate() }

  func first(_ thread: Int) -> UnsafeMutablePointer<Double> { storage + 2 * thread * channels }

  func second(_ thread: Int) -> UnsafeMutablePointer<Double> { storage + (2 * thread + 1) * channels }

  func clear() { memset(storage, 0, 2 * threads * channels * MemoryLayout<Double>.stride) }

  /// Adds up the sums of all ranks, where they are asked to: what follows sees those of the whole batch.
  ///
  /// - Parameter count: of this rank's values in a channel.
  /// - Returns: what sums over the ranks, and the values of a channel on all of them; nil for one process alone.
  func sumOverRanks(channels: Int, count: Int) throws
    -> (sum: @Sendable (UnsafeMutableBufferPointer<Double>) throws -> Void, count: Int)?
  {
    guard let sum = ranks?.sum else { return nil }
    var values = [Double](repeating: 0, count: 2 * channels + 1)
    for channel in 0..<channels { (values[channel], values[channels + channel]) = total(channel) }
    values[2 * channels] = Double(count)
    try values.withUnsafeMutableBufferPointer { try sum($0) }
    clear()
    for channel in 0..<channels {
      (first(0)[channel], second(0)[channel]) = (values[channel], values[channels + channel])
    }
    return (sum, Int(values[2 * channels]))
  }

  func total(_ channel: Int) -> (first: Double, second: Double) {
    var (one, two) = (0.0, 0.0)
    for thread in 0..<threads {
      one += first(thread)[channel]
      two += second(thread)[channel]
    }
    return (one, two)
  }
}
