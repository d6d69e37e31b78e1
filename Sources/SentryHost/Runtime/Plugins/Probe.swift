import FoundationEssentials
import Glibc
import SentryPluginAPI

/// What came of loading a file in a child process.
package struct ProbeResult: Codable, Sendable {
  var state: PluginReport.State
  var reason: String?
  var hint: String?
  var declaration: PluginDeclaration?
  /// Whether the same file would fare the same again: a missing library may be installed any time.
  var isLasting = true

  static func quarantined(_ reason: String) -> ProbeResult {
    ProbeResult(
      state: .quarantined, reason: reason, hint: "after mending it: sentry plugins list --probe")
  }
}

/// Loads a file in a child process first: what crashes, crashes there.
///
/// The child is this program again, as `sentry __probe FILE`. It writes its report to descriptor 3, so that a plugin that
/// prints from a constructor cannot spoil it.
package struct Probe: Sendable {
  package static let argument = "__probe"
  static let reportDescriptor: Int32 = 3
  private static let longestReport = 16 << 20

  /// The program to run, which must be `sentry`; nil looks at the file in this process.
  package var executable: String? = "/proc/self/exe"
  package var timeout = Duration.seconds(10)

  package func run(_ file: String) -> ProbeResult {
    guard let executable else { return ProbeChild.outcome(of: file) }
    var ends: [Int32] = [-1, -1]
    guard pipe(&ends) == 0 else { return failure("pipe: \(Paths.lastError)") }
    // Not pipe2: it is GNU, and Swift's Glibc module does not show it.
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    defer { close(ends[0]) }
    let child: pid_t
    switch spawn(executable, file, report: ends[1]) {
    case .success(let pid): child = pid
    case .failure(let error):
      close(ends[1])
      return failure(error.message)
    }
    close(ends[1])

    let report = read(ends[0])
    // A group of its own: what the plugin started in turn goes with it.
    if report == nil { kill(-child, SIGKILL) }
    var status: Int32 = 0
    while waitpid(child, &status, 0) < 0 && errno == EINTR {}
    guard let report else { return .quarantined("it did not finish loading within \(timeout.components.seconds) s") }
    let signal = status & 0x7F
    guard signal == 0 else { return .quarantined("it crashed while loading (\(Self.name(of: signal)))") }
    guard let result = try? JSONDecoder().decode(ProbeResult.self, from: Data(report)) else {
      return .quarantined("it ended the process while loading (exit status \((status >> 8) & 0xFF))")
    }
    return result
  }

  private func failure(_ reason: String) -> ProbeResult {
    ProbeResult(state: .refused, reason: "it could not be probed: \(reason)", isLasting: false)
  }

  private func spawn(_ executable: String, _ file: String, report: Int32) -> Result<pid_t, PluginError> {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_adddup2(&actions, report, Self.reportDescriptor)
    for descriptor in [Int32(0), 1, 2] {
      posix_spawn_file_actions_addopen(&actions, descriptor, "/dev/null", O_RDWR, 0)
    }
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETPGROUP))
    posix_spawnattr_setpgroup(&attributes, 0)

    // Without Swift's own crash report: it takes longer than the probe, and the parent names the signal itself.
    var environment = ["SWIFT_BACKTRACE=enable=no"]
    for name in ["PATH", "HOME", "LD_LIBRARY_PATH", "LANG"] {
      if let value = Paths.environment(name) { environment.append("\(name)=\(value)") }
    }
    var argv: [UnsafeMutablePointer<CChar>?] =
      ["sentry", Self.argument, file].map { (text: String) in strdup(text) } + [nil]
    var envp: [UnsafeMutablePointer<CChar>?] = environment.map { (text: String) in strdup(text) } + [nil]
    defer { for text in argv + envp { free(text) } }
    var child: pid_t = 0
    let status = posix_spawn(&child, executable, &actions, &attributes, &argv, &envp)
    guard status == 0 else {
      return .failure(PluginError("\(executable): \(SystemError(status).text)"))
    }
    return .success(child)
  }

  /// Everything that the child writes; nil where it does not end in time.
  private func read(_ descriptor: Int32) -> [UInt8]? {
    let end = ContinuousClock.now + timeout
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let left = (end - .now).components
      let milliseconds = left.seconds * 1000 + left.attoseconds / 1_000_000_000_000_000
      guard milliseconds > 0 else { return nil }
      var entry = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
      let ready = poll(&entry, 1, Int32(clamping: milliseconds))
      if ready < 0 && errno == EINTR { continue }
      guard ready > 0 else { return nil }
      let count = Glibc.read(descriptor, &chunk, chunk.count)
      if count < 0 && errno == EINTR { continue }
      if count <= 0 || bytes.count > Self.longestReport { return bytes }
      bytes += chunk[..<count]
    }
  }

  private static func name(of signal: Int32) -> String {
    let names = [
      SIGSEGV: "SIGSEGV", SIGABRT: "SIGABRT", SIGILL: "SIGILL", SIGBUS: "SIGBUS", SIGFPE: "SIGFPE", SIGKILL: "SIGKILL",
      SIGTRAP: "SIGTRAP", SIGSYS: "SIGSYS", SIGTERM: "SIGTERM", SIGPIPE: "SIGPIPE", SIGALRM: "SIGALRM",
    ]
    return names[signal] ?? "signal \(signal)"
  }
}
