import Glibc
import Logging
import SentryPluginAPI
import Synchronization

/// What is under way between the processes: starts it, waits for it, and moves it on meanwhile.
///
/// A communicator may move on only inside of its calls. So whoever waits asks it again and again, and lets others have the core
/// between; and while this process computes, a thread of its own asks it ten thousand times a second.
final class WorldOperations: @unchecked Sendable {
  // Unchecked: what changes is used under the monitor.
  let communicator: any Communicator
  /// What ranks are called.
  var names: [String] = []
  /// Seconds until someone who waits says so.
  private let patience: Double
  private let monitor = Monitor()
  /// What is under way, with its title, in the order of the starts.
  private var open: [(operation: UInt64, title: String)] = []
  /// What ended while nobody waited for it.
  private var ended: [UInt64: (any Error)?] = [:]
  private var isStopped = false
  private var driver: NamedThread?

  /// Between two looks at what is under way.
  private static let pause: UInt32 = 100
  /// Looks without a pause, at the beginning of a wait: most ends come soon.
  private static let eagerLooks = 2000

  init(_ communicator: any Communicator, patience: Double) {
    (self.communicator, self.patience) = (communicator, patience)
  }

  /// - Parameter title: what it is, should it not end.
  func start(_ title: String, _ body: (any Communicator) throws -> UInt64) throws -> UInt64 {
    try monitor.locked {
      let operation = try body(communicator)
      open.append((operation, title))
      if driver == nil { driver = try NamedThread("sentry-ranks") { [self] in drive() } }
      monitor.wakeAll()
      return operation
    }
  }

  private func drive() {
    while monitor.locked({
      monitor.wait { isStopped || !open.isEmpty }
      // One look moves on all that is under way.
      if !isStopped, let first = open.first { look(at: first.operation) }
      return !isStopped
    }) { usleep(Self.pause) }
  }

  /// To be called while locked.
  private func look(at operation: UInt64) {
    guard let index = open.firstIndex(where: { $0.operation == operation }) else { return }
    do {
      guard try communicator.isDone(operation) else { return }
      ended[operation] = .some(nil)
    } catch {
      ended[operation] = error
    }
    open.remove(at: index)
  }

  /// Waits for the end of an operation.
  /// - Parameter quietly: the others may take as long as they like.
  func wait(for operation: UInt64, quietly: Bool = false) throws {
    let start = MonotonicClock.seconds()
    var (looks, complaints) = (0, 1.0)
    while true {
      let end = try monitor.locked { () -> (any Error)?? in
        if let end = ended.removeValue(forKey: operation) { return end }
        look(at: operation)
        if let end = ended.removeValue(forKey: operation) { return end }
        guard open.contains(where: { $0.operation == operation }) else {
          throw PluginError.invalid(
            "all_reduce: no operation has the ticket \(operation)",
            hint: "wait once for each start, with the ticket it gave")
        }
        return nil
      }
      if let end {
        if let end { throw end }
        return
      }
      looks += 1
      if looks < Self.eagerLooks {
        sched_yield()
        continue
      }
      usleep(Self.pause / 2)
      if !quietly, MonotonicClock.seconds() - start > patience * complaints {
        complaints += 1
        complain(about: operation, seconds: MonotonicClock.seconds() - start)
      }
    }
  }

  /// Says who has not come. Of those who wait, the first one speaks.
  private func complain(about operation: UInt64, seconds: Double) {
    let found = try? monitor.locked { () -> (title: String, absent: [Int])? in
      guard let title = open.first(where: { $0.operation == operation })?.title else { return nil }
      return (title, try communicator.absent(from: operation))
    }
    guard let (title, absent) = found else { return }
    let rank = communicator.specification.rank
    guard (0..<rank).allSatisfy(absent.contains) else { return }
    let who = absent.map { names.indices.contains($0) ? names[$0] : "rank \($0)" }.joined(separator: ", ")
    let missing =
      absent.isEmpty
      ? "all ranks have come, but it does not end (the network?)"
      : "\(who) \(absent.count == 1 ? "has" : "have") not come"
    Logger(label: Logger.ranksLabel).warning(
      "rank \(rank) has waited \(NumberText.fixed(seconds, 0)) s for \(title): \(missing)")
  }

  func end() {
    monitor.locked {
      isStopped = true
      monitor.wakeAll()
    }
    driver?.join()
    driver = nil
    communicator.end()
  }
}
