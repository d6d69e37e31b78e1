import Testing

@testable import SentryServe

@Suite struct LivePageTests {
  private let page = LivePage()

  /// Nothing of it comes from outside of the server.
  @Test func noOutsideResource() {
    for word in ["http:", "https:", "//cdn", "@import", "url(", "<link rel=\"stylesheet\"", "<script src", "<iframe"] {
      #expect(!page.html.replacing("location.protocol === \"https:\"", with: "").contains(word), "\(word)")
    }
    let sources = page.html.matches(of: #/(?:src|href)="([^"]*)"/#).map { String($0.1) }
    #expect(sources == ["data:,", "/stream.mjpg"])
  }

  /// Texts reach the page as texts, and no handler stands in markup, where the policy would forbid it.
  @Test func textsAreNoMarkup() {
    for word in [
      "innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(", "Function(", " onclick=", " style=\"",
    ] {
      #expect(!page.html.contains(word), "\(word)")
    }
  }

  @Test func thePolicyNamesWhatThePageHas() throws {
    #expect(page.policy.hasPrefix("default-src 'none'; ") && !page.policy.contains("unsafe"))
    let hashes = page.policy.matches(of: #/'sha256-[A-Za-z0-9+\/]{43}='/#)
    #expect(hashes.count == 2)
    let scripts = page.html.matches(of: #/<script>/#).count
    #expect(scripts == 1 && page.html.contains("<script>\(LivePage.script)</script>"))
    #expect(page.html.contains("<style>\(LivePage.style)</style>") && page.html.contains(LivePage.stream))
    #expect(LivePage.script.contains("\"\(LivePage.socket)\""))
  }
}
