import Glibc

/// Two sums per channel, in double, kept apart by thread and added up in the order of the threads.
final class ChannelSums {
  private let threads: Int
  let channels: Int
  private let storage: UnsafeMutablePointer<Double>

  init(threads: Int, channels: Int) {
    (self.threads, self.channels) = (threads, channels)
    storage = .allocate(capacity: 2 * threads * channels)
  }

  deinit { storage.deallocate() }

  func first(_ thread: Int) -> UnsafeMutablePointer<Double> { storage + 2 * thread * channels }

  func second(_ thread: Int) -> UnsafeMutablePointer<Double> { storage + (2 * thread + 1) * channels }

  func clear() { memset(storage, 0, 2 * threads * channels * MemoryLayout<Double>.stride) }

  func total(_ channel: Int) -> (first: Double, second: Double) {
    var (one, two) = (0.0, 0.0)
    for thread in 0..<threads {
      one += first(thread)[channel]
      two += second(thread)[channel]
    }
    return (one, two)
  }
}
