import Logging
import Synchronization

extension Logger {
  /// The label under which the host itself speaks.
  package static let hostLabel = "sentry"

  /// What a rank says of others: every rank's is shown.
  package static let ranksLabel = "ranks"

  package static var host: Logger { Logger(label: hostLabel) }
}

/// Long work of components, as lines of the log: the first report of a piece of work, its end, and one every five seconds
/// between.
package final class ProgressReports: Sendable {
  package static let shared = ProgressReports()

  private let last = Mutex<[String: ContinuousClock.Instant]>([:])

  /// - Parameter isEstimate: whether there may be more or fewer than `total`.
  package func report(_ what: String, done: Int, total: Int, isEstimate: Bool = false) {
    let now = ContinuousClock.now
    let isEnd = total > 0 && done >= total
    let isDue = last.withLock { last in
      let due = last[what].map { now - $0 >= .seconds(5) } ?? true
      if isEnd { last[what] = nil } else if due { last[what] = now }
      return due || isEnd
    }
    guard isDue else { return }
    let share = total > 0 ? "\(done) of \(isEstimate ? "about " : "")\(total)" : "\(done)"
    Logger.host.info("\(what): \(share)")
  }
}
