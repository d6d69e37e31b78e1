/// The status and headers of the response that is under way; of a chain of redirects, the last.
struct ResponseHead {
  private(set) var status = 0
  private var fields: [String: String] = [:]

  /// Takes one line. Returns whether the head is complete.
  mutating func take(_ line: String) -> Bool {
    if line.hasPrefix("HTTP/") {
      self = ResponseHead()
      let parts = line.split(separator: " ", maxSplits: 2)
      status = parts.count > 1 ? Int(parts[1]) ?? 0 : 0
      return false
    }
    if line.isEmpty { return true }
    guard let colon = line.firstIndex(of: ":") else { return false }
    let value = line[line.index(after: colon)...].drop { $0 == " " || $0 == "\t" }
    fields[line[..<colon].lowercased()] = String(value)
    return false
  }

  /// Whether something follows that is not this response's: 100 Continue, a redirect.
  var isInterim: Bool { status < 200 || ((300..<400).contains(status) && fields["location"] != nil) }

  var length: Int? { fields["content-length"].flatMap { Int($0) }.flatMap { $0 >= 0 ? $0 : nil } }

  var strongETag: String? {
    guard let tag = fields["etag"], tag.hasPrefix("\""), tag.utf8.count < 256 else { return nil }
    return tag
  }

  var lastModified: String? { fields["last-modified"].flatMap { $0.utf8.count < 64 ? $0 : nil } }

  /// Seconds, where the server says how long to wait.
  var retryAfter: Double? { fields["retry-after"].flatMap { Int($0) }.map(Double.init) }

  /// `bytes 100-199/200`: the first byte, and the whole length where it is told.
  var contentRange: (start: Int, total: Int?)? {
    guard let text = fields["content-range"], text.hasPrefix("bytes ") else { return nil }
    let parts = text.dropFirst(6).split(separator: "/")
    guard parts.count == 2, let start = parts[0].split(separator: "-").first.flatMap({ Int($0) }) else { return nil }
    return (start, Int(parts[1]).flatMap { $0 >= 0 ? $0 : nil })
  }

  /// The whole length that a refusal of a range tells: `bytes */200`.
  var refusedTotal: Int? {
    guard let text = fields["content-range"], text.hasPrefix("bytes */") else { return nil }
    return Int(text.dropFirst(8))
  }
}
