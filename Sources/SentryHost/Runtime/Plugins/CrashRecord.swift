import FoundationEssentials
import Glibc
import Logging
import SentryPluginAPI

/// Which plugins crashed the host: `$XDG_CACHE_HOME/sentry/crashes`, a line for each crash and for each end of a series of crashes.
///
/// A crash may have been the data's or the machine's fault, so the plugin is loaded again. One that crashes again, before any command
/// with it succeeded, is left out like one that crashes in its probe. The lines of crashes are written by the guard, in a handler of
/// signals; see `sentry_guard_record`. What ends a process without a word (SIGKILL, as where memory runs out) counts as no crash.
package struct CrashRecord: Sendable {
  /// Crashes in a row after which a plugin is left out.
  static let limit = 2
  /// More is not read, and is emptied before it is added to.
  private static let longest = 1 << 20

  let path: String?

  /// - Parameter folder: nil: nothing is recorded.
  package init(folder: String? = ProbeCache().folder) { path = folder.map { $0 + "/crashes" } }

  /// By the key of a plugin, in how many runs it crashed since it last ended well. Two crashes are of two runs if one began after
  /// the other: those of several processes that train together are one.
  package func counts() -> [String: Int] {
    var counts: [String: (runs: Int, end: Int)] = [:]
    for line in lines() {
      let words = line.split(separator: " ")
      switch words.first {
      case "crash" where words.count == 4:
        guard let start = Int(words[2]), let end = Int(words[3]) else { continue }
        let key = String(words[1])
        let before = counts[key] ?? (0, 0)
        counts[key] = (before.runs + (start >= before.end ? 1 : 0), max(before.end, end))
      case "well" where words.count == 2: counts[String(words[1])] = nil
      default: continue
      }
    }
    return counts.mapValues { $0.runs }
  }

  /// These plugins were used, and all went well.
  func endedWell(_ keys: some Sequence<String>) {
    let crashed = counts()
    let text = keys.filter { crashed[$0] != nil }.map { "well \($0)\n" }.joined()
    guard !text.isEmpty, let descriptor = open() else { return }
    _ = text.withCString { write(descriptor, $0, strlen($0)) }
    close(descriptor)
  }

  /// Whatever crashed is tried again.
  package func clear() {
    guard let path, unlink(path) != 0, errno != ENOENT else { return }
    Logger.host.info("\(path) cannot be removed: \(Paths.lastError)")
  }

  /// The file, to be added to; nil where it cannot be written.
  func open() -> Int32? {
    guard let path else { return nil }
    do {
      try FileManager.default.createDirectory(
        at: URL(fileURLWithPath: Paths.folder(of: path)), withIntermediateDirectories: true,
        attributes: [.posixPermissions: 0o700])
    } catch {
      Logger.host.debug("crashes are not recorded: \(error)")
      return nil
    }
    let descriptor = Glibc.open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0o600)
    guard descriptor >= 0 else {
      Logger.host.debug("crashes are not recorded: \(path): \(Paths.lastError)")
      return nil
    }
    var info = stat()
    if fstat(descriptor, &info) == 0, info.st_size > Self.longest { ftruncate(descriptor, 0) }
    return descriptor
  }

  private func lines() -> [Substring] {
    guard let path, access(path, F_OK) == 0 else { return [] }
    if let reason = FileTrust.objection(to: path) {
      Logger.host.debug("the record \(path) is not trusted: \(reason)")
      return []
    }
    do {
      return try SystemFile.text(path, limit: 2 * Self.longest)?.split(separator: "\n") ?? []
    } catch {
      Logger.host.debug("the record \(path) is ignored: \(error)")
      return []
    }
  }
}
