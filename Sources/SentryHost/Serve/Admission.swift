/// Who may look.
struct Admission: Sendable {
  enum Verdict: Equatable {
    /// - Parameter cookie: the value of a header Set-Cookie.
    case welcome(cookie: String?)
    /// Without the token.
    case unauthorised
    /// A page of another site asks, or a name that does not belong to this machine led here.
    case foreign
  }

  /// What is asked for, as far as it counts here.
  struct Visit {
    var path = "/"
    var token: String?
    /// Headers, with names in lower case.
    var headers: [String: String] = [:]
  }

  /// nil: only this machine can reach the server.
  let token: Token?
  /// The names by which this machine reaches it.
  let names: Set<String>

  func judge(_ visit: Visit) -> Verdict {
    var cookie: String?
    if let token {
      if let given = visit.token, token.matches(given) {
        cookie = token.setCookie
      } else if ![visit.cookie(token.cookie), visit.bearer].contains(where: { $0.map(token.matches) ?? false }) {
        return .unauthorised
      }
    } else if !names.contains(Self.name(inHost: visit.headers["host"] ?? "")) {
      // A site whose name was made to lead to 127.0.0.1 (DNS rebinding) would read what is shown here.
      return .foreign
    }
    return visit.isFromElsewhere ? .foreign : .welcome(cookie: cookie)
  }

  /// Without the port, in lower case.
  static func name(inHost header: String) -> String {
    let host = header.lowercased()
    if host.hasPrefix("["), let end = host.firstIndex(of: "]") { return String(host[...end]) }
    return String(host.prefix { $0 != ":" })
  }
}

extension Admission.Visit {
  fileprivate func cookie(_ name: String) -> String? {
    (headers["cookie"] ?? "").split(separator: ";").lazy
      .map { $0.drop { $0 == " " } }
      .first { $0.hasPrefix("\(name)=") }
      .map { String($0.dropFirst(name.count + 1)) }
  }

  fileprivate var bearer: String? {
    guard let value = headers["authorization"], value.lowercased().hasPrefix("bearer ") else { return nil }
    return String(value.dropFirst(7))
  }

  /// Whether a page of another origin asks, which a link to the page itself may.
  fileprivate var isFromElsewhere: Bool {
    if let origin = headers["origin"] {
      return !["http", "https"].contains { "\($0)://\(headers["host"] ?? "")".lowercased() == origin.lowercased() }
    }
    guard let site = headers["sec-fetch-site"], site != "same-origin", site != "none" else { return false }
    return path != "/" || headers["sec-fetch-mode"] != "navigate" || headers["sec-fetch-dest"] != "document"
  }
}
