import CCurl
import CSentryPlugin
import SentryBase
import SentryPluginAPI

/// One GET into a part file.
final class Transfer {
  enum Ending {
    case complete
    /// What was kept is of no use: begin again.
    case restart(String)
    /// Another attempt may do better.
    case retry(String, after: Double?)
  }

  private let download: Download
  private let part: PartFile
  private let options: DownloadOptions
  private let environment: DownloadEnvironment
  private var head = ResponseHead()
  private let start: Int
  private var total: Int?
  private var isAccepted = false
  private var restart: String?
  private var failure: (any Error)?
  private var nextSpaceCheck = 0
  private var ranWithValidator = false

  init(_ download: Download, into part: PartFile, _ options: DownloadOptions, _ environment: DownloadEnvironment) {
    (self.download, self.part, self.options, self.environment) = (download, part, options, environment)
    start = part.size
  }

  /// Throws ``PluginError`` where no further attempt would help.
  func run() throws -> Ending {
    var result = sentry_curl_result()
    get(&result)
    if let failure { throw failure }
    if environment.isCancelled() { throw PluginError("cancelled", code: SENTRY_CANCELLED) }
    if let restart { return .restart(restart) }
    return try ending(result)
  }

  private func get(_ result: inout sentry_curl_result) {
    let origin = part.origin
    // Another server's validator means nothing to this one; the checksum will tell.
    let validator = start > 0 && origin?.url == download.url ? origin?.validator : nil
    ranWithValidator = validator != nil
    let texts = [
      download.url, options.userAgent, options.proxy, start > 0 ? "\(start)-" : nil, validator,
    ].map { $0.map { Array($0.utf8CString) } }
    func at(_ index: Int) -> UnsafePointer<CChar>? {
      texts[index].map { text in
        let copy = UnsafeMutablePointer<CChar>.allocate(capacity: text.count)
        copy.initialize(from: text, count: text.count)
        return UnsafePointer(copy)
      }
    }
    let pointers = texts.indices.map(at)
    defer { for pointer in pointers { pointer?.deallocate() } }
    var request = sentry_curl_request()
    (request.url, request.user_agent, request.proxy) = (pointers[0], pointers[1], pointers[2])
    (request.range, request.if_range) = (pointers[3], pointers[4])
    request.stall_seconds = options.stallSeconds
    request.connect_seconds = options.connectSeconds
    request.redirect_limit = options.redirectLimit
    request.https_redirects_only = isSecure ? 1 : 0
    request.user = Unmanaged.passUnretained(self).toOpaque()
    request.header = { user, line, length in
      guard let line else { return 1 }
      let bytes = UnsafeRawBufferPointer(start: line, count: length)
      return Transfer.at(user).take(header: String(decoding: bytes, as: UTF8.self)) ? 1 : 0
    }
    request.body = { user, bytes, length in
      Transfer.at(user).take(body: UnsafeRawBufferPointer(start: bytes, count: length)) ? 1 : 0
    }
    request.tick = { Transfer.at($0).tick() ? 1 : 0 }
    withExtendedLifetime(self) { sentry_curl_get(&request, &result) }
  }

  private var isSecure: Bool { options.secureRedirectsOnly ?? download.url.lowercased().hasPrefix("https:") }

  private static func at(_ user: UnsafeMutableRawPointer?) -> Transfer {
    guard let user else { fatalError("libcurl lost the transfer") }
    return Unmanaged<Transfer>.fromOpaque(user).takeUnretainedValue()
  }

  /// Runs what may fail in a callback, and keeps the error for after the transfer.
  private func keepingFailure(_ body: () throws -> Bool) -> Bool {
    do {
      return try body()
    } catch {
      failure = error
      return false
    }
  }

  private func take(header line: String) -> Bool {
    guard head.take(line), !head.isInterim else { return true }
    return keepingFailure(accept)
  }

  /// At the end of the last head: is the body what was asked for?
  private func accept() throws -> Bool {
    switch head.status {
    case 200:
      if part.size > 0 {
        environment.note(
          ranWithValidator
            ? "\(part.finalPath): the file has changed on the server, or it cannot resume: beginning again"
            : "\(part.finalPath): the server cannot resume: beginning again")
        try part.truncate()
      }
      total = head.length
    case 206:
      guard let range = head.contentRange, range.start == part.size else {
        restart = "the server sent another part of the file than was asked for"
        return false
      }
      if let tag = head.strongETag, let known = part.origin?.etag, part.origin?.url == download.url, tag != known {
        restart = "the file has changed on the server"
        return false
      }
      total = range.total ?? head.length.map { $0 &+ part.size }
      if let total, let known = part.origin?.total, part.origin?.url == download.url, total != known {
        restart = "the file has another length on the server than before"
        return false
      }
    default: return true  // No body is kept; the status is looked at in the end.
    }
    if let total, let bytes = download.bytes, total != bytes {
      throw PluginError(
        "\(download.url): the server offers \(total) bytes, \(bytes) are expected",
        hint: "the file was changed, or this server holds another one", code: SENTRY_BAD_DATA)
    }
    isAccepted = true
    try checkSpace((total ?? download.bytes ?? part.size) - part.size)
    try part.begin(
      PartFile.Origin(
        url: download.url, etag: head.strongETag, lastModified: head.lastModified, total: total ?? download.bytes))
    return true
  }

  private func take(body bytes: UnsafeRawBufferPointer) -> Bool {
    guard isAccepted else { return true }
    return keepingFailure {
      if let limit = [total ?? download.bytes, options.largest].compactMap(\.self).min(),
        bytes.count > limit - part.size
      {
        throw PluginError(
          "\(download.url): the server sends more than the \(limit) bytes it should", code: SENTRY_BAD_DATA)
      }
      if part.size >= nextSpaceCheck { try checkSpace(bytes.count) }
      try part.append(bytes)
      return tick()
    }
  }

  private func tick() -> Bool {
    if isAccepted {
      environment.progress(
        DownloadProgress(
          name: part.finalPath, done: part.size, total: total ?? download.bytes, resumedAt: min(start, part.size)))
    }
    return !environment.isCancelled()
  }

  private func checkSpace(_ needed: Int) throws {
    nextSpaceCheck = part.size + 32 << 20
    guard let free = environment.freeSpace(Paths.folder(of: part.path)), needed > free - options.spareBytes else {
      return
    }
    throw PluginError(
      "\(part.finalPath) needs \(ByteCount.text(needed)) more, and the disk has \(ByteCount.text(free)) free"
        + " (\(ByteCount.text(options.spareBytes)) are left alone)",
      hint: "free space on this disk, or choose another folder; the same command goes on from there")
  }
}

extension Transfer {
  private func ending(_ result: sentry_curl_result) throws -> Ending {
    var result = result
    let words = withUnsafeBytes(of: &result.message) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
    let place = withUnsafeBytes(of: &result.final_url) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
    switch Int(result.outcome) {
    case Int(SENTRY_CURL_OK): return try ending(status: head.status)
    case Int(SENTRY_CURL_TIMEOUT): return .retry("the server is too slow or does not answer (\(words))", after: nil)
    case Int(SENTRY_CURL_BROKEN), Int(SENTRY_CURL_NO_HOST):
      // An error page that breaks off is the error's, not the connection's.
      if !isAccepted, head.status >= 400 { return try ending(status: head.status) }
      return .retry(brokenOff(words), after: nil)
    case Int(SENTRY_CURL_REDIRECTS):
      throw PluginError(
        "\(download.url): the server redirects more than \(options.redirectLimit) times, last to \(place)",
        hint: "the address has moved or the server is set up wrongly: \(options.elsewhere)")
    case Int(SENTRY_CURL_PROTOCOL):
      guard (300..<400).contains(head.status) else {
        throw PluginError(
          "\(download.url): the server does not answer in HTTP (\(words))",
          hint: "check the address, or \(options.elsewhere)")
      }
      throw PluginError(
        "\(download.url): redirected away from \(isSecure ? "https" : "http"), which is refused (\(words))",
        hint: options.elsewhere)
    case Int(SENTRY_CURL_CERTIFICATE):
      throw PluginError(
        "\(download.url): the server's certificate is not to be trusted (\(words))",
        hint: "check the clock and the ca-certificates package, or the proxy")
    default: return .retry(brokenOff(words), after: nil)
    }
  }

  private func brokenOff(_ words: String) -> String {
    guard isAccepted, let total else { return "the connection failed (\(words))" }
    return "the connection broke off at \(part.size) of \(total) bytes (\(words))"
  }

  private func ending(status: Int) throws -> Ending {
    switch status {
    case 200, 206:
      if let expected = total ?? download.bytes, part.size != expected {
        return .retry("the file ended at \(part.size) of \(expected) bytes", after: nil)
      }
      return .complete
    case 416:
      if head.refusedTotal == part.size { return .complete }
      return .restart("the server has no more of the file than is there already")
    case 408, 429, 500, 502, 503, 504:
      return .retry("the server answered \(status)", after: head.retryAfter)
    case 401, 403:
      throw PluginError(
        "\(download.url): the server answered \(status), access is refused",
        hint: "fetch it with a browser, or \(options.elsewhere)")
    case 404, 410:
      throw PluginError(
        "\(download.url): the server answered \(status), there is no such file",
        hint: "the address has moved: look at the publisher's own page, or \(options.elsewhere)")
    default:
      throw PluginError("\(download.url): the server answered \(status)", hint: "try later, or \(options.elsewhere)")
    }
  }
}
