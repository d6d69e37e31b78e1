import CSentryPlugin
import CCurl
import Glibc
import SentryPluginAPI

/// Fetches files: resumes, tries again, checks, and gives a file its name only when it is whole.
public struct Downloader: Sendable {
  public let options: DownloadOptions
  public let environment: DownloadEnvironment

  public init(options: DownloadOptions = DownloadOptions(), environment: DownloadEnvironment = DownloadEnvironment()) {
    (self.options, self.environment) = (options, environment)
  }

  /// - Throws: ``PluginError``; then nothing stands under the final name that was not there before. What was fetched is
  ///   kept as `PATH.part`, and the next call goes on with it.
  public func fetch(_ download: Download) throws -> DownloadOutcome {
    try check(download)
    if Disk.exists(download.path), !options.overwrite {
      if let problem = try Checksum.problem(of: download.path, for: download, isCancelled: environment.isCancelled) {
        throw PluginError(
          "\(download.path) is there, but \(problem)", hint: "--overwrite fetches it again", code: SENTRY_INVALID)
      }
      return .alreadyThere
    }
    let part = try PartFile(for: download.path)
    do {
      try complete(download, part)
      try part.finish()
      return .fetched(bytes: part.size)
    } catch {
      throw explained(error, part)
    }
  }

  private func check(_ download: Download) throws {
    let scheme = download.url.lowercased()
    guard scheme.hasPrefix("https://") || scheme.hasPrefix("http://"),
      !download.url.utf8.contains(where: { $0 <= 0x20 || $0 == 0x7F })
    else {
      throw PluginError("'\(download.url)' cannot be fetched: it is no http or https address", code: SENTRY_INVALID)
    }
    var message: UnsafePointer<CChar>?
    guard sentry_curl_load(&message) != 0 else {
      throw PluginError(
        message.map { String(cString: $0) } ?? "libcurl cannot be loaded", hint: "apt-get install libcurl4")
    }
  }

  /// Transfers until the part is whole and right.
  private func complete(_ download: Download, _ part: PartFile) throws {
    if part.size > 0, isResumable(part, download) {
      environment.note("\(download.path): going on at \(ByteCount.text(part.size))")
    }
    var (attempts, wait) = (0, options.firstWait)
    while true {
      // Without a checksum, and nothing that tells one state of the file from another, what is there may be the beginning of
      // another file of the same length.
      if part.size > 0, !isResumable(part, download) {
        environment.note(
          "\(download.path): the server does not tell whether the file is still the same: beginning again")
        try part.truncate()
      }
      let before = part.size
      // A file that was whole when the last command was stopped needs no transfer.
      let ending =
        part.size > 0 && part.size == (download.bytes ?? part.origin?.total)
        ? Transfer.Ending.complete
        : try Transfer(download, into: part, options, environment).run()
      let reason: String
      var pause = wait
      switch ending {
      case .complete:
        guard let problem = try Checksum.problem(of: part.path, for: download, isCancelled: environment.isCancelled)
        else { return }
        // Of a file put together from two transfers either may be at fault: one whole transfer decides.
        guard before > 0, attempts < options.retries else {
          part.remove()
          throw PluginError(
            "\(download.url): what the server sent is damaged or another file: \(problem)",
            hint: "try again later, or \(options.elsewhere)", code: SENTRY_BAD_DATA)
        }
        reason = "what was put together is damaged: \(problem)"
        pause = 0
        try part.truncate()
      case .restart(let why):
        reason = why
        pause = 0
        try part.truncate()
      case .retry(let why, let after):
        reason = why
        if let after { pause = min(max(after, wait), 30) }
        // Who sends a good deal each time is slow, not broken.
        if part.size - before >= 16 << 20 { (attempts, wait) = (0, options.firstWait) }
      }
      guard attempts < options.retries else {
        throw PluginError(
          "\(download.url): \(reason); gave up after \(attempts + 1) attempt\(attempts == 0 ? "" : "s")",
          hint: "try again later, or \(options.elsewhere)")
      }
      attempts += 1
      environment.note("\(download.path): \(reason); attempt \(attempts + 1) of \(options.retries + 1)")
      try pauseFor(pause)
      wait = min(wait * 2, 30)
    }
  }

  private func isResumable(_ part: PartFile, _ download: Download) -> Bool {
    if let bytes = download.bytes, part.size > bytes { return false }
    if download.hasChecksum { return true }
    guard let origin = part.origin else { return false }
    return origin.url == download.url && origin.validator != nil
  }

  private func pauseFor(_ seconds: Double) throws {
    var left = seconds
    while left > 0 {
      if environment.isCancelled() { throw PluginError("cancelled", code: SENTRY_CANCELLED) }
      environment.sleep(min(left, 0.1))
      left -= 0.1
    }
  }

  /// Says what is kept and how to go on.
  private func explained(_ error: any Error, _ part: PartFile) -> any Error {
    guard var error = error as? PluginError else { return error }
    guard Disk.exists(part.path) else { return error }
    guard part.size > 0 else {
      part.remove()
      return error.code == SENTRY_CANCELLED
        ? PluginError("stopped; nothing was fetched of \(part.finalPath)", code: SENTRY_CANCELLED) : error
    }
    let kept = "\(ByteCount.text(part.size)) are kept in \(part.path)"
    if error.code == SENTRY_CANCELLED {
      return PluginError("stopped; \(kept)", hint: "the same command goes on from there", code: SENTRY_CANCELLED)
    }
    error.message += "; \(kept)"
    error.hint = error.hint ?? "the same command goes on from there"
    return error
  }
}
