import FoundationEssentials
import Glibc
import SentryPluginAPI

/// Runs code of a plugin apart from this process: what crashes, crashes there.
///
/// Three processes: this one; its child, a ``Supervisor``, which is this program again and runs no code of a plugin; and that one's
/// child, which does. Whatever the code starts ends with the supervisor, which alone has the descriptor that the answer goes
/// through.
package struct SupervisedProcess: Sendable {
  package enum Outcome: Sendable {
    case unstarted(String)
    /// It neither ended in time nor kept to a reasonable length, and was killed.
    case stuck
    /// What the supervisor wrote, and how it ended.
    case ended([UInt8], ProcessEnd)
  }

  static let reportDescriptor: Int32 = 3
  /// What the supervisor may take beyond its time.
  private static let grace = Duration.seconds(5)

  let executable: String
  /// Behind the name of the program: they make it a supervisor.
  let arguments: [String]
  let environment: [String: String]
  /// What the supervised process may take.
  let timeout: Duration
  /// Where its standard output and standard error go; nil: nowhere.
  let output: Int32?

  /// That of this process, without Swift's own crash report: it takes longer than most of what is supervised, and the supervisor
  /// names the signal itself.
  package static var inheritedEnvironment: [String: String] {
    ProcessInfo.processInfo.environment.merging(["SWIFT_BACKTRACE": "enable=no"]) { $1 }
  }

  /// - Parameter executable: the program to run, which must be `sentry`.
  package init(
    executable: String = "/proc/self/exe", arguments: [String], environment: [String: String], timeout: Duration,
    output: Int32? = nil
  ) {
    (self.executable, self.arguments, self.environment) = (executable, arguments, environment)
    (self.timeout, self.output) = (timeout, output)
  }

  /// - Parameter patience: after this time, the user is told once what is waited for.
  package func run(patience: Duration = .seconds(1 << 40), whileWaiting tell: () -> Void = {}) -> Outcome {
    var ends: [Int32] = [-1, -1]
    guard pipe(&ends) == 0 else { return .unstarted("pipe: \(Paths.lastError)") }
    // Not pipe2: it is GNU, and Swift's Glibc module does not show it.
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    defer { close(ends[0]) }
    let child: pid_t
    switch spawn(report: ends[1]) {
    case .success(let pid): child = pid
    case .failure(let error):
      close(ends[1])
      return .unstarted(error.message)
    }
    close(ends[1])

    let report = read(ends[0], patience, tell)
    if report == nil {
      kill(-child, SIGKILL)
      kill(child, SIGKILL)
    }
    var status: Int32 = 0
    _ = SystemError.repeating { waitpid(child, &status, 0) }
    return report.map { .ended($0, ProcessEnd(status)) } ?? .stuck
  }

  private func spawn(report: Int32) -> Result<pid_t, PluginError> {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    for descriptor in [Int32(0), 1, 2] {
      if let output, descriptor > 0 {
        posix_spawn_file_actions_adddup2(&actions, output, descriptor)
      } else {
        posix_spawn_file_actions_addopen(&actions, descriptor, "/dev/null", O_RDWR, 0)
      }
    }
    // Last, since `output` may have this number.
    posix_spawn_file_actions_adddup2(&actions, report, Self.reportDescriptor)
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETPGROUP))
    posix_spawnattr_setpgroup(&attributes, 0)

    var argv: [UnsafeMutablePointer<CChar>?] = (["sentry"] + arguments).map { (text: String) in strdup(text) } + [nil]
    var envp: [UnsafeMutablePointer<CChar>?] =
      environment.map { (name: String, value: String) in strdup("\(name)=\(value)") } + [nil]
    defer { for text in argv + envp { free(text) } }
    var child: pid_t = 0
    let status = posix_spawn(&child, executable, &actions, &attributes, &argv, &envp)
    guard status == 0 else {
      return .failure(PluginError("\(executable): \(SystemError(status).text)"))
    }
    return .success(child)
  }

  /// Everything that the supervisor writes; nil where it does not end in time, or writes more than it would.
  private func read(_ descriptor: Int32, _ patience: Duration, _ tell: () -> Void) -> [UInt8]? {
    let start = ContinuousClock.now
    let (end, moment) = (start + timeout + Self.grace, start + patience)
    var isTold = false
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 1 << 16)
    while ContinuousClock.now < end, bytes.count <= ChildReport.capacity {
      guard SystemCall.wait(for: [descriptor], until: isTold ? end : min(end, moment))[0] else {
        if !isTold, ContinuousClock.now < end {
          tell()
          isTold = true
        }
        continue
      }
      let count = SystemError.repeating { Glibc.read(descriptor, &chunk, chunk.count) }
      if count <= 0 { return bytes }
      bytes += chunk[..<count]
    }
    return nil
  }
}

extension Duration {
  package var milliseconds: Int64 {
    components.seconds * 1000 + components.attoseconds / 1_000_000_000_000_000
  }
}
