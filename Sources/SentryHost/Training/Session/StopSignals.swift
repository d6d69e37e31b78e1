import CSentryProcess
import Glibc
import SentryRuntime

/// While it lives, the first SIGINT, SIGTERM or SIGHUP (the terminal is gone) asks the run to stop, and the second ends the
/// process at once. What is ignored from the start, as under `nohup`, stays so.
package final class StopSignals {
  private let signals: [Int32]
  private var before: [sigaction] = []

  /// - Parameter stopsOnClosedOutput: whether SIGPIPE (`sentry train … | head`) asks the run to stop, too, instead of ending the
  ///   process with what was not saved.
  package init(stopsOnClosedOutput: Bool = false) {
    signals = [SIGINT, SIGTERM, SIGHUP] + (stopsOnClosedOutput ? [SIGPIPE] : [])
    // The handler must find the state made: making it is not safe in a signal handler, storing its atomic flag is.
    _ = HostState.shared.isCancelled
    for signal in signals {
      var (action, old) = (sigaction(), sigaction())
      action.__sigaction_handler.sa_handler = { signal in
        // Every line that is written there sends another one.
        if signal != SIGPIPE, HostState.shared.isCancelled { sentry_leave_now(130) }
        HostState.shared.isCancelled = true
      }
      // A read of a file that is under way goes on.
      action.sa_flags = SA_RESTART
      sigaction(signal, &action, &old)
      if signal == SIGHUP || signal == SIGPIPE, Self.isIgnored(old) { sigaction(signal, &old, nil) }
      before.append(old)
    }
    // Whoever started the program from a thread that blocks signals has handed that down.
    var ours = sigset_t()
    sigemptyset(&ours)
    for signal in signals { sigaddset(&ours, signal) }
    pthread_sigmask(SIG_UNBLOCK, &ours, nil)
  }

  private static func isIgnored(_ action: sigaction) -> Bool {
    // SIG_IGN is the address 1, which no function of Swift's has.
    unsafeBitCast(action.__sigaction_handler.sa_handler, to: Int.self) == 1
  }

  deinit {
    for (signal, old) in zip(signals, before) {
      var old = old
      sigaction(signal, &old, nil)
    }
  }
}
