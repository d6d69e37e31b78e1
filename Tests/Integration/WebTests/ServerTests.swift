import Foundation
import SentryPluginAPI
import Testing

@testable import SentryInference
@testable import SentryServe

/// The server over real connections.
@Suite(.enabled(if: Shown.hasCurl, "no curl: apt-get install curl")) struct ServerTests {
  private func ask(_ url: String, _ arguments: [String] = []) async throws -> (code: String, head: String, body: String)
  {
    let output = try await Shown.curl(["--include"] + arguments + [url]).output
    let text = String(decoding: output, as: UTF8.self)
    let parts = text.split(separator: "\r\n\r\n", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
    return (String(text.dropFirst(9).prefix(3)), parts[0], parts.count > 1 ? parts[1] : "")
  }

  @Test func thePageOnThisMachine() async throws {
    try await Shown.with { shown in
      let page = try await ask(shown.server.url)
      #expect(page.code == "200" && page.body.hasPrefix("<!DOCTYPE html>"))
      #expect(page.head.contains("Content-Security-Policy: default-src 'none'; script-src 'sha256-"))
      #expect(page.head.contains("Cache-Control: no-store") && !page.head.contains("Set-Cookie"))
      #expect(try await ask(shown.server.url, ["-H", "Host: rebound.example"]).code == "403")
      #expect(try await ask(shown.server.url + "live", ["-H", "Origin: http://other.example"]).code == "403")
      #expect(try await ask(shown.server.url + "other").code == "404")
      #expect(try await ask(shown.server.url, ["--data", "x"]).code == "405")
    }
  }

  @Test func withoutTheTokenThereIsNothing() async throws {
    try await Shown.with(address: "0.0.0.0") { shown in
      let (place, query) = try #require(
        shown.server.url.wholeMatch(of: #/http://[^/]+:(\d+)/\?(token=[0-9a-f]{32})/#).map {
          ("http://127.0.0.1:\($0.1)/", String($0.2))
        })
      for path in ["", "live", "stream.mjpg", "other", "?token=", "?token=\(String(repeating: "0", count: 32))"] {
        let answer = try await ask(place + path)
        #expect(answer.code == "401" && answer.body.isEmpty, "\(path): \(answer)")
        #expect(!answer.head.contains("Set-Cookie"))
      }
      let answer = try await ask("\(place)?\(query)")
      #expect(answer.code == "200" && answer.body.contains("<title>sentry demo</title>"))
      let cookie = try #require(
        answer.head.firstMatch(of: #/Set-Cookie: ([^;]+); Path=/; HttpOnly; SameSite=Strict/#)?.1)
      #expect(try await ask(place, ["-H", "Cookie: a=b; \(cookie)"]).code == "200")
      #expect(try await ask(place, ["-H", "Cookie: \(cookie)0"]).code == "401")
      #expect(try await ask(place, ["-H", "Authorization: Bearer \(query.dropFirst(6))"]).code == "200")
    }
  }

  /// A viewer who takes 1000 bytes a second holds neither the frames nor another viewer.
  @Test func aStreamForPlayersBesideASlowViewer() async throws {
    try await Shown.with { shown in
      let stream = shown.server.url + "stream.mjpg"
      let slow = Process()
      slow.executableURL = URL(fileURLWithPath: "/usr/bin/env")
      slow.arguments = ["curl", "--silent", "--limit-rate", "1000", "--output", "/dev/null", stream]
      slow.standardOutput = FileHandle.nullDevice
      slow.standardError = FileHandle.nullDevice
      try slow.run()
      // Not SIGTERM, which it may have inherited as blocked: a viewer that stays holds the output of the tests open.
      defer { kill(slow.processIdentifier, SIGKILL) }
      // The slow viewer's connection is full after some megabytes.
      while shown.frames < 400 { try await Task.sleep(for: .milliseconds(10)) }
      // Three pictures and more, however long that takes.
      let output = try await Shown.run([
        "sh", "-c", "curl --silent --no-buffer --max-time 600 '\(stream)' | head -c 500000",
      ])
      .output
      let opening = Data("--sentry-frame\r\nContent-Type: image/jpeg\r\nContent-Length: ".utf8)
      #expect(output.starts(with: opening))
      var (rest, pictures) = (output[...], 0)
      while let head = rest.range(of: opening), let end = rest[head.upperBound...].range(of: Data("\r\n\r\n".utf8)),
        let size = Int(String(decoding: rest[head.upperBound..<end.lowerBound], as: UTF8.self)),
        rest.endIndex - end.upperBound >= size
      {
        let jpeg = rest[end.upperBound..<end.upperBound + size]
        #expect(jpeg.starts(with: [0xFF, 0xD8, 0xFF]) && jpeg.suffix(2) == Data([0xFF, 0xD9]))
        pictures += 1
        rest = rest[(end.upperBound + size)...]
      }
      #expect(pictures >= 3, "\(output.count) bytes")
    }
  }

  @Test func aPortInUseIsAnError() async throws {
    try await Shown.with { shown in
      let port = try #require(shown.server.url.firstMatch(of: #/:(\d+)/$/#)?.1)
      let error = await #expect(throws: PluginError.self) {
        try await Shown.offPool { try LiveServer(ServingAddress(port: String(port))) }
      }
      #expect(error?.message == "no page can be served at 127.0.0.1, port \(port): the port is in use")
      let other = await #expect(throws: PluginError.self) {
        try await Shown.offPool { try LiveServer(ServingAddress(address: "192.0.2.1", port: "0")) }
      }
      #expect(other?.message.contains("this machine does not have the address") == true)
    }
  }

  @Test func afterTheStopNobodyIsServed() async throws {
    let url = try await Shown.with { $0.server.url }
    #expect(try await Shown.curl([url]).status == 7)
  }
}
