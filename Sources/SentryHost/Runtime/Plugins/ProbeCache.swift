import CSentryPlugin
import FoundationEssentials
import Glibc
import Logging
import SentryPluginAPI

/// What probes found, kept by the hash of the file: `$XDG_CACHE_HOME/sentry/probes/<sha256>.json`.
///
/// Beside it `files/<hash of the path>.json` holds the hash of a file by its size, inode and times, so that a start does not
/// read whole plugins. A cache that cannot be read or written costs a probe, nothing else; nor can one that others may write,
/// as what it says is believed.
package struct ProbeCache: Sendable {
  private struct Entry: Codable {
    /// The host that probed: another one may judge otherwise.
    var host: String
    var result: ProbeResult
    /// Of a probe that ran out of time; nil: it did not.
    var timeouts: ProbeTimeouts?
  }
  private struct Fingerprint: Codable {
    var identity: FileIdentity
    var sha256: String
  }

  let folder: String?
  /// Seconds since 1970.
  var now: @Sendable () -> Double = { Date().timeIntervalSince1970 }
  private var log: Logger { Logger.host }
  private static let longest = 32 << 20
  private static let host = "\(Version.sentry), border \(SENTRY_ABI_MAJOR).\(SENTRY_ABI_MINOR)"

  /// - Parameter folder: nil: the user's cache folder; without one, nothing is kept.
  init(folder: String? = nil) {
    let base = Paths.environment("XDG_CACHE_HOME") ?? Paths.environment("HOME").map { $0 + "/.cache" }
    self.folder = folder ?? base.map { $0 + "/sentry" }
  }

  /// The hash of a file, read anew only where the file changed.
  func sha256(of file: PluginFile) throws -> String {
    let name = "files/\(String(Seed.derive(0, file.path), radix: 16)).json"
    if let known: Fingerprint = read(name), known.identity == file.identity { return known.sha256 }
    let hash = try file.sha256()
    write(Fingerprint(identity: file.identity, sha256: hash), to: name)
    return hash
  }

  /// What is known of a file; nil where it is to be probed.
  func result(for hash: String) -> ProbeResult? {
    guard let entry = entry(for: hash) else { return nil }
    if entry.result.isLasting { return entry.result }
    return entry.timeouts.flatMap { $0.isRemembered(at: now()) ? $0.explaining(entry.result, at: now()) : nil }
  }

  /// Keeps what a probe found.
  /// - Parameter start: when the probe began.
  /// - Returns: the same, with what becomes of it.
  func store(_ result: ProbeResult, for hash: String, probedSince start: Double) -> ProbeResult {
    let timeouts =
      result.isOutOfTime == true ? ProbeTimeouts(after: entry(for: hash)?.timeouts, start: start, end: now()) : nil
    write(Entry(host: Self.host, result: result, timeouts: timeouts), to: "probes/\(hash).json")
    return timeouts?.explaining(result, at: now()) ?? result
  }

  private func entry(for hash: String) -> Entry? {
    let entry: Entry? = read("probes/\(hash).json")
    return entry?.host == Self.host ? entry : nil
  }

  private func read<Value: Decodable>(_ name: String) -> Value? {
    guard let folder, access("\(folder)/\(name)", F_OK) == 0 else { return nil }
    let path = "\(folder)/\(name)"
    if let reason = FileTrust.objection(to: path) {
      log.debug("the cache \(path) is not trusted: \(reason)")
      return nil
    }
    do {
      return try SystemFile.bytes(path, limit: Self.longest).map {
        try JSONDecoder().decode(Value.self, from: Data($0))
      }
    } catch {
      log.debug("the cache \(path) is ignored: \(error)")
      return nil
    }
  }

  /// Others never see half a file: a temporary name, then a rename.
  private func write(_ value: some Encodable, to name: String) {
    guard let folder else { return }
    let path = "\(folder)/\(name)"
    do {
      try FileManager.default.createDirectory(
        at: URL(fileURLWithPath: Paths.folder(of: path)), withIntermediateDirectories: true,
        attributes: [.posixPermissions: 0o700])
      try Data(JSON.text(value).utf8).write(to: URL(fileURLWithPath: path), options: .atomic)
    } catch {
      log.debug("the cache \(path) cannot be written: \(error)")
    }
  }
}
