import Glibc
import SentryBase
import SentryPluginAPI

/// Calls of the system on files of plugins.
enum SystemCall {
  /// - Throws: ``PluginError``, without the path.
  static func open(_ path: String, _ flags: Int32) throws -> Int32 {
    let descriptor = SystemError.repeating { Glibc.open(path, flags) }
    guard descriptor >= 0 else { throw PluginError("\(path) cannot be read: \(Paths.lastError)") }
    return descriptor
  }

  /// Sleeps until one of the descriptors has something to tell, or the time is over.
  /// - Returns: for each whether it has.
  static func wait(for descriptors: [Int32], until end: ContinuousClock.Instant) -> [Bool] {
    var entries = descriptors.map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
    let left = (end - .now).components
    let milliseconds = max(0, left.seconds * 1000 + left.attoseconds / 1_000_000_000_000_000)
    _ = poll(&entries, nfds_t(entries.count), Int32(clamping: milliseconds))
    return entries.map { $0.revents != 0 }
  }
}
