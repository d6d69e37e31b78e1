import SentryRuntime

/// The frame of report.html: one file without references to others, for light and dark.
package enum ReportPage {
  package static let name = "report.html"

  package static func html(title: String, subtitle: String, notes: [String], sections: [Markup]) -> String {
    let notes: [Markup] = notes.map { "<p class=\"note\">\($0)</p>\n" }
    let page: Markup = """
      <!DOCTYPE html>
      <html lang="en">
      <head>
      <meta charset="utf-8">
      <meta name="viewport" content="width=device-width, initial-scale=1">
      <meta name="color-scheme" content="light dark">
      <meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data:; style-src 'unsafe-inline'">
      <title>\(title)</title>
      <style>\(style)</style>
      </head>
      <body>
      <header><h1>\(title)</h1><p class="subtitle">\(subtitle)</p></header>
      <main>
      \(notes)\(sections)</main>
      <footer><p>Written by sentry \(Version.sentry). Models give research indicators, never a diagnosis.</p></footer>
      </body>
      </html>

      """
    return page.html
  }

  /// The media query of pages that are too narrow for wide figures.
  static let narrow: Markup = "(max-width: 700px)"

  private static let style: Markup = """

    :root { color-scheme: light dark; --paper: #ffffff; --ink: #1b1e23; --muted: #5c6470; --line: #d8dce2;
      --tint: #f4f6f8; --note: #fff4d6; --note-line: #e0b040; }
    @media (prefers-color-scheme: dark) { :root { --paper: #16191d; --ink: #e8eaed; --muted: #a3abb5; --line: #3a4048;
      --tint: #1f242a; --note: #3a3118; --note-line: #a9842c; } }
    * { box-sizing: border-box; }
    body { margin: 0 auto; max-width: 78rem; padding: 1.5rem; background: var(--paper); color: var(--ink);
      font: 15px/1.5 system-ui, -apple-system, "Segoe UI", "DejaVu Sans", sans-serif; }
    h1 { font-size: 1.6rem; margin: 0; overflow-wrap: anywhere; }
    h2 { font-size: 1.15rem; margin: 2rem 0 .6rem; padding-bottom: .25rem; border-bottom: 1px solid var(--line); }
    h3 { font-size: 1rem; margin: 1.2rem 0 .4rem; }
    .subtitle, footer, figcaption { color: var(--muted); }
    .subtitle { margin: .2rem 0 1rem; overflow-wrap: anywhere; }
    .note { background: var(--note); border-left: 4px solid var(--note-line); padding: .5rem .8rem; margin: .5rem 0;
      overflow-wrap: anywhere; }
    .wide { overflow-x: auto; margin: .5rem 0 1rem; }
    table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
    th, td { padding: .25rem .8rem .25rem 0; text-align: left; vertical-align: top; font-weight: 400; }
    thead th { color: var(--muted); border-bottom: 1px solid var(--line); white-space: nowrap; }
    tbody tr:nth-child(even) { background: var(--tint); }
    .numbers td, .numbers thead th + th { text-align: right; padding: .25rem .6rem; white-space: nowrap; }
    .texts td { overflow-wrap: anywhere; }
    tbody th { max-width: 24rem; overflow-wrap: anywhere; }
    .texts tbody th { color: var(--muted); }
    tbody th, thead th:first-child { min-width: 8rem; }
    .numbers thead th { max-width: 12rem; overflow-wrap: anywhere; white-space: normal; }
    .figures { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 34rem), 1fr)); gap: 1rem;
      align-items: start; }
    figure { margin: 0; }
    figure.whole { grid-column: 1 / -1; }
    figure img { display: block; max-width: 100%; height: auto; margin: 0 auto; }
    @media \(narrow) { body { padding: .8rem; } .figures { display: block; }
      figure { margin: 0 0 1rem; overflow-x: auto; } figure.scrolled img { max-width: none; width: auto; } }
    figcaption { font-size: .85rem; text-align: center; }
    code, pre { font: 13px/1.5 ui-monospace, "DejaVu Sans Mono", monospace; }
    pre { background: var(--tint); padding: .6rem .8rem; overflow-x: auto; white-space: pre-wrap; overflow-wrap: anywhere; }
    footer { margin-top: 2.5rem; font-size: .85rem; border-top: 1px solid var(--line); }

    """
}
