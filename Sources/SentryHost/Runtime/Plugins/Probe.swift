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
      state: .quarantined, reason: reason, hint: "repair it, then run: sentry plugins list --probe")
  }

  static func unprobed(_ reason: String) -> ProbeResult {
    ProbeResult(state: .refused, reason: "it could not be probed: \(reason)", isLasting: false)
  }
}

/// Loads a file in a child process first: what crashes, crashes there.
///
/// Three processes: this one; its child, ``ProbeSupervisor``, which is this program again as `sentry __probe FILE` and runs no
/// code of the file; and that one's child, ``ProbeChild``, which loads it. Whatever the file starts ends with the supervisor,
/// which alone has the descriptor that the answer goes through.
package struct Probe: Sendable {
  package static let argument = "__probe"
  static let reportDescriptor: Int32 = 3

  /// The program to run, which must be `sentry`; nil looks at the file in this process.
  package var executable: String? = "/proc/self/exe"
  package var timeout = Duration.seconds(10)
  /// What the supervisor may take beyond that.
  private static let grace = Duration.seconds(5)

  package func run(_ file: String) -> ProbeResult {
    guard let executable else { return ProbeChild.outcome(of: file) }
    var ends: [Int32] = [-1, -1]
    guard pipe(&ends) == 0 else { return .unprobed("pipe: \(Paths.lastError)") }
    // Not pipe2: it is GNU, and Swift's Glibc module does not show it.
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    defer { close(ends[0]) }
    let child: pid_t
    switch spawn(executable, file, report: ends[1]) {
    case .success(let pid): child = pid
    case .failure(let error):
      close(ends[1])
      return .unprobed(error.message)
    }
    close(ends[1])

    let report = read(ends[0])
    if report == nil {
      kill(-child, SIGKILL)
      kill(child, SIGKILL)
    }
    var status: Int32 = 0
    _ = SystemError.repeating { waitpid(child, &status, 0) }
    guard let report else { return .quarantined("it prevented its probe from ending") }
    guard let result = try? JSONDecoder().decode(ProbeResult.self, from: Data(report)) else {
      return .quarantined("it ended its probe (\(ProcessEnd(status)))")
    }
    return result
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

    // Without Swift's own crash report: it takes longer than the probe, and the supervisor names the signal itself.
    var environment = ["SWIFT_BACKTRACE=enable=no"]
    for name in ["PATH", "HOME", "LD_LIBRARY_PATH", "LANG"] {
      if let value = Paths.environment(name) { environment.append("\(name)=\(value)") }
    }
    let arguments = ["sentry", Self.argument, file, String(Self.milliseconds(timeout))]
    var argv: [UnsafeMutablePointer<CChar>?] = arguments.map { (text: String) in strdup(text) } + [nil]
    var envp: [UnsafeMutablePointer<CChar>?] = environment.map { (text: String) in strdup(text) } + [nil]
    defer { for text in argv + envp { free(text) } }
    var child: pid_t = 0
    let status = posix_spawn(&child, executable, &actions, &attributes, &argv, &envp)
    guard status == 0 else {
      return .failure(PluginError("\(executable): \(SystemError(status).text)"))
    }
    return .success(child)
  }

  private static func milliseconds(_ duration: Duration) -> Int64 {
    duration.components.seconds * 1000 + duration.components.attoseconds / 1_000_000_000_000_000
  }

  /// Everything that the supervisor writes; nil where it does not end in time, or writes more than it would.
  private func read(_ descriptor: Int32) -> [UInt8]? {
    let end = ContinuousClock.now + timeout + Self.grace
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 1 << 16)
    while ContinuousClock.now < end, bytes.count <= ProbeReport.capacity {
      guard SystemCall.wait(for: [descriptor], until: end)[0] else { continue }
      let count = SystemError.repeating { Glibc.read(descriptor, &chunk, chunk.count) }
      if count <= 0 { return bytes }
      bytes += chunk[..<count]
    }
    return nil
  }
}

extension Probe {
  /// For programs that are not `sentry` themselves, and must not be started as if they were: the `sentry` beside the
  /// plugins or of their installation. Without one, the files are looked at in this process.
  package static func besidePlugins(_ search: SearchPath) -> Probe {
    let places = search.folders.filter(\.exists).flatMap { folder in
      // PREFIX/lib/sentry/plugins belongs to PREFIX/bin/sentry.
      [folder.path + "/sentry"]
        + (folder.path.hasSuffix("/lib/sentry/plugins")
          ? [folder.path.dropLast("/lib/sentry/plugins".count) + "/bin/sentry"] : [])
    }
    var probe = Probe()
    probe.executable = places.first {
      access($0, X_OK) == 0 && !SystemFile.isFolder($0) && FileTrust.objection(to: $0) == nil
    }
    return probe
  }
}
