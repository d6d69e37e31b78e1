import CSentryProcess
import Glibc
import SentryRuntime

/// Of a process alone: while it lives, the first SIGINT, SIGTERM or SIGHUP (the terminal is gone) asks the run to stop, and the second ends the
/// process at once. What is ignored from the start, as under `nohup`, stays so.
package final class StopSignals {
  /// Said by the handlers of a process among several.
  nonisolated(unsafe) private static var lastWords: (text: UnsafeMutablePointer<CChar>, count: Int)?
  /// The process that speaks in place of this one as long as it lives; 0: none.
  nonisolated(unsafe) private static var speaker: pid_t = 0
  private var before: [(signal: Int32, action: sigaction)] = []

  /// - Parameters:
  ///   - stopsOnClosedOutput: whether SIGPIPE (`sentry train … | head`) asks the run to stop, too, instead of ending the process
  ///     with what was not saved.
  ///   - words: of a process among several: then SIGUSR1 asks all of them to stop, and the others end this one at once, with
  ///     these words. A launcher sends them when one of its processes has died, and waits only a second.
  ///   - speaker: a process on this machine: while it is there, this one ends without a word.
  package init(stopsOnClosedOutput: Bool = false, endingWith words: String? = nil, unless speaker: pid_t? = nil) {
    // The handler must find the state made: making it is not safe in a signal handler, storing its atomic flag is.
    _ = HostState.shared.isCancelled
    if let words { Self.lastWords = strdup(words).map { ($0, strlen($0)) } }
    Self.speaker = speaker ?? 0
    let asking = (words == nil ? [] : [SIGUSR1]) + (stopsOnClosedOutput ? [SIGPIPE] : [])
    for signal in [SIGINT, SIGTERM, SIGHUP] + asking {
      var (action, old) = (sigaction(), sigaction())
      if words == nil || asking.contains(signal) {
        action.__sigaction_handler.sa_handler = { signal in
          // Every line that is written to a closed output sends another SIGPIPE.
          if signal != SIGPIPE, HostState.shared.isCancelled { sentry_leave_now(130) }
          HostState.shared.isCancelled = true
        }
      } else {
        action.__sigaction_handler.sa_handler = { _ in
          if let words = StopSignals.lastWords, StopSignals.speaker == 0 || kill(StopSignals.speaker, 0) != 0 {
            _ = write(STDERR_FILENO, words.text, words.count)
          }
          sentry_leave_now(130)
        }
      }
      // A read of a file that is under way goes on.
      action.sa_flags = SA_RESTART
      sigaction(signal, &action, &old)
      if signal == SIGHUP || signal == SIGPIPE, Self.isIgnored(old) { sigaction(signal, &old, nil) }
      before.append((signal, old))
    }
    // Whoever started the program from a thread that blocks signals has handed that down.
    var ours = sigset_t()
    sigemptyset(&ours)
    for (signal, _) in before { sigaddset(&ours, signal) }
    pthread_sigmask(SIG_UNBLOCK, &ours, nil)
  }

  private static func isIgnored(_ action: sigaction) -> Bool {
    // SIG_IGN is the address 1, which no function of Swift's has.
    unsafeBitCast(action.__sigaction_handler.sa_handler, to: Int.self) == 1
  }

  deinit {
    for (signal, old) in before {
      var old = old
      sigaction(signal, &old, nil)
    }
  }
}
