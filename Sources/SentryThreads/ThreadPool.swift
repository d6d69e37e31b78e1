import Glibc
import Synchronization

/// A fixed team of POSIX threads that share the parts of one piece of work at a time.
///
/// The calling thread takes part as thread 0; `threadCount − 1` workers named `sentry-work-1`, `sentry-work-2`, … take the
/// rest. Idle workers spin for some microseconds, then sleep. Calls from several threads queue up; a call from inside a
/// `body` would wait for itself and stops the program with a message.
public final class ThreadPool: ParallelExecutor {
  public let threadCount: Int
  private let team: WorkTeam
  private let workers: [pthread_t]

  /// - Parameters:
  ///   - threadCount: the threads that take part, the calling one included; at least 1.
  ///   - onThreadStart: called once on every new worker with its number (1 …) before its first work.
  /// - Throws: ``ThreadPoolError`` where the system refuses a thread.
  public init(threadCount: Int, onThreadStart: @escaping @Sendable (_ thread: Int) -> Void = { _ in }) throws {
    precondition(threadCount >= 1, "a ThreadPool needs at least one thread, not \(threadCount)")
    self.threadCount = threadCount
    let team = WorkTeam(threadCount: threadCount)
    self.team = team
    var started: [pthread_t] = []
    for thread in 1..<threadCount {
      do { started.append(try startWorker(thread, of: team, onThreadStart)) } catch {
        team.stop(started)
        throw error
      }
    }
    workers = started
  }

  deinit { team.stop(workers) }

  public func run(_ count: Int, _ body: (_ index: Int, _ thread: Int) -> Void) {
    precondition(
      !team.isMember(workers),
      "ThreadPool.run was called from inside a body that it runs; nested parallel work is not supported")
    guard count > 0 else { return }
    withoutActuallyEscaping(body) { team.run(count, $0) }
  }
}

/// The system refused a thread.
public struct ThreadPoolError: Error, CustomStringConvertible {
  public let thread: Int
  public let code: Int32

  public var description: String {
    "cannot start worker thread \(thread): \(String(cString: strerror(code))); use fewer threads or raise `ulimit -u`"
  }
}

/// What a worker gets at its start.
private final class WorkerStart {
  let (thread, team, onStart): (Int, WorkTeam, @Sendable (Int) -> Void)

  init(_ thread: Int, _ team: WorkTeam, _ onStart: @escaping @Sendable (Int) -> Void) {
    (self.thread, self.team, self.onStart) = (thread, team, onStart)
  }
}

private func startWorker(_ thread: Int, of team: WorkTeam, _ onStart: @escaping @Sendable (Int) -> Void) throws
  -> pthread_t
{
  let start = Unmanaged.passRetained(WorkerStart(thread, team, onStart))
  var handle = pthread_t()
  let code = pthread_create(
    &handle, nil,
    { argument in
      guard let argument else { return nil }
      let start = Unmanaged<WorkerStart>.fromOpaque(argument).takeRetainedValue()
      nameThisThread("sentry-work-\(start.thread)")
      start.onStart(start.thread)
      start.team.work(as: start.thread)
      return nil
    }, start.toOpaque())
  guard code == 0 else {
    start.release()
    throw ThreadPoolError(thread: thread, code: code)
  }
  return handle
}

/// `pthread_setname_np` is a GNU function that Swift's Glibc module does not show; the kernel's file does the same.
private func nameThisThread(_ name: String) {
  let file = open("/proc/thread-self/comm", O_WRONLY | O_CLOEXEC)
  guard file >= 0 else { return }  // A name is a convenience: without /proc the thread works namelessly.
  _ = name.withCString { write(file, $0, strlen($0)) }
  close(file)
}
