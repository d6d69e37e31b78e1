import Glibc
import SentryPluginAPI

/// A POSIX thread with a name that `ps -L` and `top -H` show.
final class NamedThread {
  private final class Body: Sendable {
    let name: String
    let run: @Sendable () -> Void
    init(_ name: String, _ run: @escaping @Sendable () -> Void) { (self.name, self.run) = (name, run) }
  }

  private var thread = pthread_t()

  /// - Parameter name: at most 15 bytes.
  init(_ name: String, _ run: @escaping @Sendable () -> Void) throws {
    let body = Unmanaged.passRetained(Body(name, run))
    let status = pthread_create(
      &thread, nil,
      { context in
        guard let context else { return nil }
        let body = Unmanaged<Body>.fromOpaque(context).takeRetainedValue()
        NamedThread.nameCurrent(body.name)
        body.run()
        return nil
      }, body.toOpaque())
    guard status == 0 else {
      body.release()
      throw PluginError(
        "no thread can be started: \(String(cString: strerror(status)))", hint: "give a smaller --workers")
    }
  }

  func join() { pthread_join(thread, nil) }

  /// Through /proc, because pthread_setname_np is a GNU extension that Swift's Glibc module does not show.
  private static func nameCurrent(_ name: String) {
    let file = open("/proc/thread-self/comm", O_WRONLY | O_CLOEXEC)
    guard file >= 0 else { return }
    _ = name.withCString { write(file, $0, strlen($0)) }
    close(file)
  }
}
