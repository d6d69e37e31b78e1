import CSentryPlugin
import Glibc
import SentryPluginAPI
import SentryRuntime

extension Gnuplot {
  /// Runs the program to its end. Throws ``PluginError`` where it cannot be started, crashes or takes too long.
  package func run(_ arguments: [String], errors: String) throws -> Int32 {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
    posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0)
    posix_spawn_file_actions_addopen(&actions, 2, errors, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
    // Numbers with a point, texts in UTF-8, whatever the user's language.
    var environment = ["LC_ALL=C.UTF-8"]
    for name in ["PATH", "HOME", "FONTCONFIG_PATH", "XDG_CACHE_HOME", "TMPDIR"] {
      if let value = Paths.environment(name) { environment.append("\(name)=\(value)") }
    }
    var argv: [UnsafeMutablePointer<CChar>?] = ([executable] + arguments).map { (text: String) in strdup(text) } + [nil]
    var envp: [UnsafeMutablePointer<CChar>?] = environment.map { (text: String) in strdup(text) } + [nil]
    defer { for text in argv + envp { free(text) } }
    var child: pid_t = 0
    let problem = posix_spawnp(&child, executable, &actions, nil, &argv, &envp)
    guard problem == 0 else {
      if problem == ENOENT { throw PluginError(Self.missing, hint: Self.remedy, code: SENTRY_UNSUPPORTED) }
      throw PluginError("\(executable) cannot be started: \(SystemError(problem).text)")
    }
    return try wait(for: child)
  }

  private func wait(for child: pid_t) throws -> Int32 {
    let end = MonotonicClock.seconds() + timeout
    var status: Int32 = 0
    while true {
      let done = waitpid(child, &status, WNOHANG)
      if done == child { break }
      if done < 0, errno != EINTR { throw PluginError("\(executable): \(Paths.lastError)") }
      if MonotonicClock.seconds() > end {
        kill(child, SIGKILL)
        while waitpid(child, &status, 0) < 0, errno == EINTR {}
        throw PluginError("\(executable) did not finish within \(Int(timeout)) s")
      }
      usleep(2000)
    }
    guard status & 0x7F == 0 else { throw PluginError("\(executable) was ended by signal \(status & 0x7F)") }
    return (status >> 8) & 0xFF
  }
}
