import Foundation
import Testing

@testable import SentryServe

/// The page in a real browser.
@Suite struct WebPageTests {
  private static let chromium: String? = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"]
    .first { FileManager.default.isExecutableFile(atPath: $0) }

  private struct Found: Decodable {
    var text, address, cookie, focus, pressed, button, status: String
    var names, outside, said: [String]
    var markup, overflow: Int
    var stands: Bool
  }

  /// With SENTRY_UPDATE_SNAPSHOTS in the environment, the picture of the documentation is made anew.
  @Test(.enabled(if: chromium != nil, "no Chromium: scripts/browser")) func thePageShowsWhatIsSent() async throws {
    let folder = NSTemporaryDirectory() + "sentry-web-tests-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let here = (#filePath as NSString).deletingLastPathComponent
    // With a token, so that the page's own requests need the cookie.
    let (status, output) = try await Shown.with(address: "0.0.0.0", frames: 900) { shown in
      let url = shown.server.url.replacing(#/\/\/[^\/]+:/#, with: "//127.0.0.1:")
      return try await Shown.run(["python3", "-B", "\(here)/browse.py", try #require(Self.chromium), url, folder])
    }
    try #require(status == 0)
    let found = try JSONDecoder().decode(Found.self, from: output)
    #expect(found.said.isEmpty)
    #expect(found.text.contains("drawn.mp4") && found.text.contains("ball 1") && found.text.contains("square 2"))
    // A class whose name is markup is shown, not obeyed.
    #expect(Set(found.names) == Set(Drawn.classes + ["high", "low"]) && found.markup == 0)
    // The token is not in the address any more, and no script reads the cookie.
    #expect(found.address.hasSuffix("/") && found.cookie.isEmpty && found.outside.isEmpty)
    #expect(found.overflow <= 0, "on a phone")
    #expect(found.focus == "pause" && found.pressed == "true" && found.button == "Go on" && found.stands)
    #expect(found.status == "The video has ended. To see it again, run the command again.")
    let pictures = try ["light", "dark", "phone"].map {
      try Data(contentsOf: URL(fileURLWithPath: "\(folder)/\($0).png"))
    }
    #expect(Set(pictures).count == 3 && pictures.allSatisfy { $0.count > 20_000 })
    if let target = ProcessInfo.processInfo.environment["SENTRY_UPDATE_SNAPSHOTS"] {
      let docs = "\(here)/../../../docs/images"
      try pictures[0].write(to: URL(fileURLWithPath: "\(docs)/demo-web.png"))
      // A folder in place of 1 gets all of them.
      for (name, data) in zip(["light", "dark", "phone"], pictures) where target.hasPrefix("/") {
        try data.write(to: URL(fileURLWithPath: "\(target)/\(name).png"))
      }
    }
  }
}
