import Glibc
import SentryPluginAPI

/// A POSIX thread with a name that `ps -L` and `top -H` show.
package final class NamedThread {
  private final class Body: Sendable {
    let name: String
    let niceness: Int32
    let run: @Sendable () -> Void
    init(_ name: String, _ niceness: Int32, _ run: @escaping @Sendable () -> Void) {
      (self.name, self.niceness, self.run) = (name, niceness, run)
    }
  }

  private var thread = pthread_t()

  /// - Parameters:
  ///   - name: at most 15 bytes.
  ///   - niceness: how far the thread stands back behind others, 0 to 19.
  package init(_ name: String, niceness: Int32 = 0, _ run: @escaping @Sendable () -> Void) throws {
    let body = Unmanaged.passRetained(Body(name, niceness, run))
    let status = pthread_create(
      &thread, nil,
      { context in
        guard let context else { return nil }
        let body = Unmanaged<Body>.fromOpaque(context).takeRetainedValue()
        NamedThread.nameCurrent(body.name)
        if body.niceness > 0 { NamedThread.standBack(body.niceness) }
        body.run()
        return nil
      }, body.toOpaque())
    guard status == 0 else {
      body.release()
      throw PluginError(
        "no thread can be started: \(SystemError(status).text)", hint: "give a smaller --workers")
    }
  }

  package func join() { pthread_join(thread, nil) }

  /// On Linux 0 is the calling thread. Where it is refused, the thread is as urgent as the others.
  private static func standBack(_ niceness: Int32) {
    let threads = __priority_which_t(PRIO_PROCESS.rawValue)
    setpriority(threads, 0, max(niceness, getpriority(threads, 0)))
  }

  /// Through /proc, because pthread_setname_np is a GNU extension that Swift's Glibc module does not show.
  private static func nameCurrent(_ name: String) {
    let file = open("/proc/thread-self/comm", O_WRONLY | O_CLOEXEC)
    guard file >= 0 else { return }
    _ = name.withCString { write(file, $0, strlen($0)) }
    close(file)
  }
}
