import Foundation
import SentryDigest
import SentryRuntime

/// The page of `demo --serve`: one file that refers to nothing outside of its server. Names of classes and everything else that comes
/// from models and videos reaches it as JSON and is inserted as text.
struct LivePage {
  static let socket = "/live"
  static let stream = "/stream.mjpg"

  let html: String
  /// The Content-Security-Policy: nothing but this style, this script, this server.
  let policy: String

  init() {
    html = """
      <!DOCTYPE html>
      <html lang="en">
      <head>
      <meta charset="utf-8">
      <meta name="viewport" content="width=device-width, initial-scale=1">
      <meta name="color-scheme" content="light dark">
      <link rel="icon" href="data:,">
      <title>sentry demo</title>
      <style>\(Self.style)</style>
      </head>
      <body>
      <header>
        <h1>sentry demo</h1>
        <p id="source"></p>
      </header>
      <main>
        <section id="stage" aria-label="Picture">
          <canvas id="picture" width="640" height="360" role="img" aria-label="The newest frame, with what the models found drawn on it"></canvas>
          <noscript><p class="note">Without scripts only the picture is shown.</p><img src="\(Self.stream)" alt="The newest frame"></noscript>
          <div id="controls">
            <button id="pause" type="button" aria-pressed="false">Pause</button>
            <p id="facts"></p>
          </div>
          <p id="status" class="note" role="status">Waiting for the first picture.</p>
        </section>
        <section id="answers" aria-label="What the models say"></section>
      </main>
      <footer><p>The picture comes from this machine's sentry \(Version.sentry) and is stored nowhere. Models give research indicators, never a diagnosis.</p></footer>
      <script>\(Self.script)</script>
      </body>
      </html>

      """
    policy =
      [
        "default-src 'none'", "script-src \(Self.hash(Self.script))", "style-src \(Self.hash(Self.style))",
        "img-src 'self' data:", "connect-src 'self'", "base-uri 'none'", "form-action 'none'", "frame-ancestors 'none'",
      ].joined(separator: "; ")
  }

  private static func hash(_ text: String) -> String {
    "'sha256-\(Data(SHA256.hash(data: Array(text.utf8))).base64EncodedString())'"
  }
}
