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
    do {
      return Self.understood(try lines()).counts
    } catch {
      Logger.host.debug("crashes are not counted: \(error)")
      return [:]
    }
  }

  /// These plugins were used, and all went well.
  func endedWell(_ keys: some Sequence<String>) {
    let crashed = counts()
    let text = keys.filter { crashed[$0] != nil }.map { "well \($0)\n" }.joined()
    guard !text.isEmpty, let descriptor = try? open() else { return }
    _ = text.withCString { write(descriptor, $0, strlen($0)) }
    close(descriptor)
  }

  /// Whatever crashed is tried again.
  package func clear() {
    guard let path, unlink(path) != 0, errno != ENOENT, errno != ENOTDIR else { return }
    Logger.host.warning("\(path) cannot be removed: \(Paths.lastError)")
  }

  /// The file for the crashes of this process, nil where there is none, and what is wrong with it: no run stops for that.
  func opened() -> (descriptor: Int32?, problem: String?) {
    var problem: String?
    do {
      let unknown = Self.understood(try lines()).unknown
      if unknown > 0, let path {
        problem =
          "\(path) holds \(NumberText.counted(unknown, "line")) that no crash wrote; sentry plugins list --probe removes it"
      }
    } catch {
      problem = "earlier crashes of plugins are not counted: \(Self.words(error))"
    }
    do { return (try open(), problem) } catch {
      return (nil, "crashes of plugins are not recorded: \(Self.words(error))")
    }
  }

  private static func words(_ error: any Error) -> String { (error as? PluginError)?.message ?? "\(error)" }

  /// The file, to be added to; nil where nothing is recorded. Throws ``PluginError`` where it cannot be written.
  private func open() throws -> Int32? {
    guard let path else { return nil }
    do {
      try FileManager.default.createDirectory(
        at: URL(fileURLWithPath: Paths.folder(of: path)), withIntermediateDirectories: true,
        attributes: [.posixPermissions: 0o700])
    } catch {
      throw PluginError("\(path): its folder cannot be created")
    }
    let descriptor = Glibc.open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0o600)
    guard descriptor >= 0 else { throw PluginError("\(path) cannot be opened: \(Paths.lastError)") }
    var info = stat()
    // What another user owns, root could write, too.
    guard fstat(descriptor, &info) == 0, info.st_mode & S_IFMT == S_IFREG, info.st_uid == geteuid() else {
      close(descriptor)
      throw PluginError("\(path) is not a file of this user")
    }
    if info.st_size > Self.longest { ftruncate(descriptor, 0) }
    return descriptor
  }

  /// Throws ``PluginError`` for what is no record of this user.
  private func lines() throws -> [Substring] {
    guard let path, access(path, F_OK) == 0 || errno != ENOENT else { return [] }
    if let reason = FileTrust.objection(to: path) { throw PluginError("\(path) is not trusted: \(reason)") }
    return try SystemFile.text(path, limit: 2 * Self.longest)?.split(separator: "\n") ?? []
  }

  /// What the lines say, and how many say nothing.
  private static func understood(_ lines: [Substring]) -> (counts: [String: Int], unknown: Int) {
    var counts: [String: (runs: Int, end: Int)] = [:]
    var unknown = 0
    for line in lines {
      let words = line.split(separator: " ")
      if words.count == 4, words[0] == "crash", let start = Int(words[2]), let end = Int(words[3]) {
        let key = String(words[1])
        let before = counts[key] ?? (0, 0)
        counts[key] = (before.runs + (start >= before.end ? 1 : 0), max(before.end, end))
      } else if words.count == 2, words[0] == "well" {
        counts[String(words[1])] = nil
      } else {
        unknown += 1
      }
    }
    return (counts.mapValues { $0.runs }, unknown)
  }
}
