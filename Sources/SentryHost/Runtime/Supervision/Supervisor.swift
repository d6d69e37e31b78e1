import CSentryProcess
import Glibc
import SentryPluginAPI

/// The process between the host and the one that runs code of a plugin. It runs none of that code, gives it a time, and takes
/// everything with it that the code started, wherever that went.
package struct Supervisor {
  /// How the supervised process ended, with what it published.
  package enum Ending {
    /// It could not be made.
    case unstarted(String)
    case outOfTime(published: String?)
    case ended(ProcessEnd, published: String?)
  }

  let timeout: Duration

  package init(timeout: Duration) { self.timeout = timeout }

  /// Turns this process into a supervisor, for ``SupervisedProcess``, which made it for that.
  ///
  /// - Parameters:
  ///   - work: what the supervised process does; it publishes what came of it, and leaves.
  ///   - answer: what the host is told.
  package func run(_ work: (ChildReport) -> Never, answer: (Ending) -> some Encodable) -> Never {
    // Not those of other supervisors that the host made at the same time: their hosts would wait for this one.
    sentry_close_from(SupervisedProcess.reportDescriptor + 1)
    // The host may be gone by then.
    alarm(UInt32(clamping: timeout.components.seconds + 60))
    var none = rlimit(rlim_cur: 0, rlim_max: 0)
    setrlimit(__rlimit_resource_t(RLIMIT_CORE.rawValue), &none)
    _ = sentry_die_with_parent()
    // What leaves its group and its parent comes to this process.
    _ = sentry_adopt_orphans()
    // Else the plugin could reach for the descriptors of this process.
    _ = sentry_be_dumpable(0)
    sentry_leave_now(tell(answer(watch(work))) ? 0 : 1)
  }

  private func watch(_ work: (ChildReport) -> Never) -> Ending {
    guard let report = ChildReport() else { return .unstarted("no memory: \(Paths.lastError)") }
    // The one moment at which this process is of one thread for sure.
    let child = sentry_fork()
    guard child >= 0 else { return .unstarted("fork: \(Paths.lastError)") }
    if child == 0 {
      Self.enterChild()
      work(report)
    }
    setpgid(child, child)
    let ended = hasEnded(child)
    kill(-child, SIGKILL)
    kill(child, SIGKILL)
    var status: Int32 = 0
    _ = SystemError.repeating { waitpid(child, &status, 0) }
    Self.endDescendants()
    return ended ? .ended(ProcessEnd(status), published: report.published) : .outOfTime(published: report.published)
  }

  private static func enterChild() {
    setpgid(0, 0)
    // Whoever kills the supervisor leaves nobody behind.
    _ = sentry_die_with_parent()
    _ = sentry_be_dumpable(1)
    // The way of the answer, and whatever the host had open: none of it is the plugin's to write to.
    sentry_close_from(SupervisedProcess.reportDescriptor)
  }

  /// Waits until a child has ended, but not for ever.
  private func hasEnded(_ child: pid_t) -> Bool {
    let end = ContinuousClock.now + timeout
    let descriptor = sentry_pidfd_open(child)
    defer { if descriptor >= 0 { close(descriptor) } }
    while ContinuousClock.now < end {
      var information = siginfo_t()
      // Left as it is: its status is taken later.
      if waitid(P_PID, id_t(child), &information, WEXITED | WNOHANG | WNOWAIT) == 0, information.si_signo != 0 {
        return true
      }
      // Without such descriptors, it is looked after now and then.
      let pause = descriptor >= 0 ? end : min(end, .now + .milliseconds(5))
      _ = SystemCall.wait(for: descriptor >= 0 ? [descriptor] : [], until: pause)
    }
    return false
  }

  /// Ends what the child left behind, generation by generation: the children of what is killed come to this process.
  private static func endDescendants() {
    let end = ContinuousClock.now + .seconds(2)
    while ContinuousClock.now < end {
      let ended = waitpid(-1, nil, WNOHANG)
      if ended < 0, errno == ECHILD { return }
      if ended > 0 { continue }
      for process in children() { kill(process, SIGKILL) }
      usleep(1000)
    }
  }

  private static func children() -> [pid_t] {
    let own = getpid()
    return (Paths.names(in: "/proc") ?? []).compactMap { name in
      guard let process = pid_t(name), let text = try? SystemFile.text("/proc/\(name)/stat", limit: 1 << 16),
        let behindName = text.lastIndex(of: ")")
      else { return nil }
      // `) S 123`: state, parent.
      let fields = text[behindName...].split(separator: " ", maxSplits: 3)
      return fields.count > 2 && pid_t(fields[2]) == own ? process : nil
    }
  }

  private func tell(_ answer: some Encodable) -> Bool {
    guard let text = try? JSON.text(answer) else { return false }
    var bytes = ArraySlice(Array(text.utf8))
    while !bytes.isEmpty {
      let count = SystemError.repeating {
        bytes.withUnsafeBytes { write(SupervisedProcess.reportDescriptor, $0.baseAddress, $0.count) }
      }
      if count <= 0 { return false }
      bytes = bytes.dropFirst(count)
    }
    return true
  }
}
