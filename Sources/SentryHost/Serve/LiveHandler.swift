import FlyingFox
import Foundation

/// Answers requests: the page, its web socket, and a stream for video players.
struct LiveHandler: HTTPHandler {
  let admission: Admission
  let channel: FrameChannel
  private let page = LivePage()

  init(admission: Admission, channel: FrameChannel) { (self.admission, self.channel) = (admission, channel) }

  func handleRequest(_ request: HTTPRequest) async throws -> HTTPResponse {
    switch admission.judge(Admission.Visit(request)) {
    case .unauthorised:
      // Nothing else: not even what is here.
      HTTPResponse(statusCode: .unauthorized, headers: HTTPHeaders([HTTPHeader("WWW-Authenticate"): "Bearer"]))
    case .foreign: text(.forbidden, "Refused: another site asked, or the name in the address is not this machine's.\n")
    case .welcome(let cookie): try await answer(request, cookie)
    }
  }

  private func answer(_ request: HTTPRequest, _ cookie: String?) async throws -> HTTPResponse {
    guard request.method == .GET else { return text(.methodNotAllowed, "Only GET.\n") }
    var response: HTTPResponse
    switch request.path {
    case "/":
      response = HTTPResponse(statusCode: .ok, body: Data(page.html.utf8))
      response.headers[.contentType] = "text/html; charset=utf-8"
      response.headers[HTTPHeader("Content-Security-Policy")] = page.policy
    case LivePage.socket:
      response = try await WebSocketHTTPHandler(
        handler: MessageFrameWSHandler(handler: PageViewer(channel: channel), frameSize: 1 << 20)
      ).handleRequest(request)
    case LivePage.stream:
      response = HTTPResponse(statusCode: .ok, body: HTTPBodySequence(from: MultipartStream(channel: channel)))
      response.headers[.contentType] = MultipartStream.contentType
    default: response = text(.notFound, "Nothing is here.\n")
    }
    if let cookie { response.headers[.setCookie] = cookie }
    return secured(response)
  }

  private func text(_ status: HTTPStatusCode, _ text: String) -> HTTPResponse {
    var response = HTTPResponse(statusCode: status, body: Data(text.utf8))
    response.headers[.contentType] = "text/plain; charset=utf-8"
    return secured(response)
  }

  private func secured(_ response: HTTPResponse) -> HTTPResponse {
    var response = response
    response.headers[.cacheControl] = "no-store"
    response.headers[HTTPHeader("X-Content-Type-Options")] = "nosniff"
    response.headers[HTTPHeader("Referrer-Policy")] = "no-referrer"
    response.headers[HTTPHeader("Cross-Origin-Resource-Policy")] = "same-origin"
    return response
  }
}

extension Admission.Visit {
  init(_ request: HTTPRequest) {
    path = request.path
    token = request.query.first { $0.name == "token" }?.value
    for (header, value) in request.headers { headers[header.rawValue.lowercased()] = value }
  }
}
