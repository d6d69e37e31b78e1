import CSentryProcess
import Glibc

/// While it lives, the first SIGINT or SIGTERM asks the run to stop, and the second ends the process at once.
final class StopSignals {
  private static let signals = [SIGINT, SIGTERM]
  private var before: [sigaction] = []

  init() {
    // The handler must find the state made: making it is not safe in a signal handler, storing its atomic flag is.
    _ = HostState.shared.isCancelled
    for signal in Self.signals {
      var (action, old) = (sigaction(), sigaction())
      action.__sigaction_handler.sa_handler = { _ in
        if HostState.shared.isCancelled { sentry_leave_now(130) }
        HostState.shared.isCancelled = true
      }
      // A read of a file that is under way goes on.
      action.sa_flags = SA_RESTART
      sigaction(signal, &action, &old)
      before.append(old)
    }
    // Whoever started the program from a thread that blocks signals has handed that down.
    var ours = sigset_t()
    sigemptyset(&ours)
    for signal in Self.signals { sigaddset(&ours, signal) }
    pthread_sigmask(SIG_UNBLOCK, &ours, nil)
  }

  deinit {
    for (signal, old) in zip(Self.signals, before) {
      var old = old
      sigaction(signal, &old, nil)
    }
  }
}
