import Glibc
import Synchronization

/// A POSIX mutex with a fixed address.
final class SystemMutex: @unchecked Sendable {
  fileprivate let handle = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)

  init() {
    let code = pthread_mutex_init(handle, nil)
    precondition(code == 0, "pthread_mutex_init: \(code)")
  }

  deinit {
    pthread_mutex_destroy(handle)
    handle.deallocate()
  }

  func lock() { pthread_mutex_lock(handle) }

  func unlock() { pthread_mutex_unlock(handle) }
}

/// A POSIX condition with a fixed address, for predicates over atomics: waiting spins first, then sleeps.
final class SystemCondition: @unchecked Sendable {
  private let handle = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
  private let sleepers = Atomic<Int>(0)
  /// Longer than the gaps between the passes of a layer, shorter than what a sleeping thread costs the others.
  private static let spinNanoseconds = 50_000

  init() {
    let code = pthread_cond_init(handle, nil)
    precondition(code == 0, "pthread_cond_init: \(code)")
  }

  deinit {
    pthread_cond_destroy(handle)
    handle.deallocate()
  }

  /// To be called after the predicate has become true.
  ///
  /// The read-modify-write orders the check of `sleepers` behind the change of the predicate; a sleeper that counts itself
  /// later sees that change.
  func wakeAll(_ mutex: SystemMutex) {
    guard sleepers.add(0, ordering: .sequentiallyConsistent).newValue > 0 else { return }
    mutex.lock()
    pthread_cond_broadcast(handle)
    mutex.unlock()
  }

  func wait(_ mutex: SystemMutex, until predicate: () -> Bool) {
    let end = nanoseconds() + Self.spinNanoseconds
    // Reading the clock takes some 25 ns, which is pause enough between two looks.
    repeat { if predicate() { return } } while nanoseconds() < end
    mutex.lock()
    sleepers.add(1, ordering: .sequentiallyConsistent)
    while !predicate() { pthread_cond_wait(handle, mutex.handle) }
    sleepers.subtract(1, ordering: .sequentiallyConsistent)
    mutex.unlock()
  }
}

private func nanoseconds() -> Int {
  var time = timespec()
  clock_gettime(CLOCK_MONOTONIC, &time)
  return time.tv_sec * 1_000_000_000 + time.tv_nsec
}
