import Glibc
import Synchronization

/// What the threads of a ``ThreadPool`` share: the work of the moment, a generation that starts it and a count that ends it.
///
/// `@unchecked Sendable`: `work` is written only by the owner of `callers` while no worker runs, and published by `generation`.
final class WorkTeam: @unchecked Sendable {
  private struct Work {
    let count: Int
    let body: (Int, Int) -> Void
  }

  private let threadCount: Int
  private var work: Work?
  private let generation = Atomic<Int>(0)
  private let finished = Atomic<Int>(0)
  private let quitting = Atomic<Bool>(false)
  private let caller = Atomic<UInt>(0)
  /// Callers queue here; `signal` guards the two conditions.
  private let callers = SystemMutex()
  private let signal = SystemMutex()
  private let started = SystemCondition()
  private let ended = SystemCondition()

  init(threadCount: Int) { self.threadCount = threadCount }

  /// Whether the calling thread is running a body of this team.
  func isMember(_ workers: [pthread_t]) -> Bool {
    let this = pthread_self()
    return caller.load(ordering: .relaxed) == UInt(this) || workers.contains { pthread_equal($0, this) != 0 }
  }

  func run(_ count: Int, _ body: @escaping (Int, Int) -> Void) {
    callers.lock()
    caller.store(UInt(pthread_self()), ordering: .relaxed)
    work = Work(count: count, body: body)
    if threadCount > 1 {
      finished.store(0, ordering: .relaxed)
      generation.add(1, ordering: .releasing)
      started.wakeAll(signal)
    }
    share(of: 0)
    if threadCount > 1 {
      ended.wait(signal) { finished.load(ordering: .acquiring) == threadCount - 1 }
    }
    work = nil
    caller.store(0, ordering: .relaxed)
    callers.unlock()
  }

  func work(as thread: Int) {
    var seen = 0
    while true {
      started.wait(signal) { generation.load(ordering: .acquiring) != seen }
      seen += 1
      if quitting.load(ordering: .acquiring) { return }
      share(of: thread)
      if finished.add(1, ordering: .acquiringAndReleasing).newValue == threadCount - 1 { ended.wakeAll(signal) }
    }
  }

  func stop(_ workers: [pthread_t]) {
    quitting.store(true, ordering: .releasing)
    generation.add(1, ordering: .releasing)
    started.wakeAll(signal)
    for worker in workers { pthread_join(worker, nil) }
  }

  /// Not inlined, so that every reference to the body is given up before the thread reports its end.
  @inline(never) private func share(of thread: Int) {
    guard let work else { return }
    for index in work.count * thread / threadCount..<work.count * (thread + 1) / threadCount {
      work.body(index, thread)
    }
  }
}
