import Testing

@testable import SentryInference
@testable import SentryServe

@Suite struct AdmissionTests {
  private let token = Token(text: "00112233445566778899aabbccddeeff", cookie: "1")

  private func judge(_ admission: Admission, path: String = "/", token: String? = nil, _ headers: [String: String])
    -> Admission.Verdict
  {
    admission.judge(.init(path: path, token: token, headers: headers))
  }

  @Test(arguments: ["localhost", "LOCALHOST:8765", "127.0.0.1:8765", "127.0.0.1", "[::1]:9", "127.0.0.7:1"])
  func namesOfThisMachine(host: String) throws {
    let admission = Admission(token: nil, names: try ServingAddress(address: "127.0.0.7", port: "1").names)
    #expect(judge(admission, ["host": host]) == .welcome(cookie: nil))
  }

  /// A site whose name leads to 127.0.0.1 has a name of its own.
  @Test(arguments: ["rebound.example", "localhost.example:8765", "127.0.0.1.example", "", "[::1", "192.168.0.1"])
  func otherNames(host: String) throws {
    let admission = Admission(token: nil, names: try ServingAddress(port: "1").names)
    #expect(judge(admission, ["host": host]) == .foreign)
    #expect(judge(admission, [:]) == .foreign)
  }

  @Test func theTokenOpens() {
    let admission = Admission(token: token, names: [])
    #expect(judge(admission, ["host": "any.example"]) == .unauthorised)
    #expect(judge(admission, token: "", [:]) == .unauthorised)
    #expect(judge(admission, token: String(token.text.dropLast()), [:]) == .unauthorised)
    #expect(
      judge(admission, token: token.text, [:])
        == .welcome(cookie: "sentry-1=\(token.text); Path=/; HttpOnly; SameSite=Strict"))
    #expect(judge(admission, ["cookie": "a=b; sentry-1=\(token.text)"]) == .welcome(cookie: nil))
    #expect(judge(admission, ["cookie": "sentry-2=\(token.text)"]) == .unauthorised)
    #expect(judge(admission, ["authorization": "bearer \(token.text)"]) == .welcome(cookie: nil))
    #expect(judge(admission, ["authorization": "Basic \(token.text)"]) == .unauthorised)
  }

  @Test func pagesOfOtherSites() {
    let admission = Admission(token: nil, names: ["localhost"])
    let host = ["host": "localhost:8765"]
    func with(_ more: [String: String]) -> [String: String] { host.merging(more) { $1 } }
    #expect(judge(admission, path: "/live", with(["origin": "http://localhost:8765"])) == .welcome(cookie: nil))
    for origin in ["http://localhost:1", "http://other.example", "null"] {
      #expect(judge(admission, path: "/live", with(["origin": origin])) == .foreign)
    }
    #expect(judge(admission, path: "/stream.mjpg", with(["sec-fetch-site": "cross-site"])) == .foreign)
    #expect(judge(admission, with(["sec-fetch-site": "same-origin"])) == .welcome(cookie: nil))
    // A link may lead to the page, a frame may not.
    var link = with(["sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate", "sec-fetch-dest": "document"])
    #expect(judge(admission, link) == .welcome(cookie: nil))
    link["sec-fetch-dest"] = "iframe"
    #expect(judge(admission, link) == .foreign)
  }

  @Test func tokensDiffer() {
    let (one, other) = (Token(), Token())
    #expect(one.text.count == 32 && one.text != other.text && one.cookie != other.cookie)
    #expect(one.matches(one.text) && !one.matches(other.text) && !one.matches(one.text + "0") && !one.matches(""))
  }
}
