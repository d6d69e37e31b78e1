import Glibc
import SentryPluginAPI

/// Holds a run directory against a second process; the system lets go of it however this one ends.
package final class RunLock: Sendable {
  private let descriptor: Int32

  /// - Parameter work: what another process that holds it does.
  package init(_ path: String, work: String = "is working on this run") throws {
    descriptor = Glibc.open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { throw SystemFile.failure(path, "cannot be opened") }
    guard Self.take(descriptor) else {
      let isTaken = errno == EWOULDBLOCK
      let error = SystemFile.failure(path, "cannot be locked")
      close(descriptor)
      throw isTaken
        ? PluginError.invalid("\(path): another process \(work)", hint: "wait for it or stop it") : error
    }
  }

  /// A process that this one, or the one before it, has just forked holds a copy of the lock until it runs its program: what
  /// is taken is tried for another second.
  private static func take(_ descriptor: Int32) -> Bool {
    let end = MonotonicClock.seconds() + 1
    while flock(descriptor, LOCK_EX | LOCK_NB) != 0 {
      guard errno == EWOULDBLOCK || errno == EINTR, MonotonicClock.seconds() < end else { return false }
      usleep(20_000)
    }
    return true
  }

  deinit { close(descriptor) }
}

extension RunLock {
  /// Whether some process holds the directory. Asks the system's list of locks: to try the lock might keep a run from
  /// beginning in that moment.
  package static func isHeld(_ path: String) -> Bool {
    var status = stat()
    guard stat(path, &status) == 0, let locks = try? SystemFile.text("/proc/locks") else { return false }
    let device = UInt64(status.st_dev)
    // As glibc's gnu_dev_major and gnu_dev_minor take them apart.
    let (major, minor) = (device >> 8 & 0xFFF | device >> 32 & ~0xFFF, device & 0xFF | device >> 12 & ~0xFF)
    return locks.split(separator: "\n").contains { line in
      // 1: FLOCK  ADVISORY  WRITE 4711 fe:01:123456 0 EOF
      let fields: [Substring] = line.split(separator: " ")
      guard fields.count >= 6, fields[1] == "FLOCK", fields[3] == "WRITE" else { return false }
      let place: [Substring] = fields[5].split(separator: ":")
      return place.count == 3 && UInt64(place[0], radix: 16) == major && UInt64(place[1], radix: 16) == minor
        && UInt64(place[2]) == UInt64(status.st_ino)
    }
  }
}
