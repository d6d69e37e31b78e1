import Foundation
import Testing

/// What a browser makes of report.html.
@Suite struct BrowserTests {
  private static let chromium: String? = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"]
    .first { FileManager.default.isExecutableFile(atPath: $0) }
  static let hasBoth = chromium != nil && EvaluateTests.hasGnuplot

  private func open(_ page: String, _ arguments: [String], in folder: String) throws -> String {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: try #require(Self.chromium))
    process.arguments =
      [
        "--headless", "--no-sandbox", "--disable-gpu", "--enable-logging=stderr", "--user-data-dir=\(folder)/profile",
        "--window-size=1200,3000",
      ] + arguments + ["file://\(page)"]
    process.environment = ["PATH": "/usr/bin:/bin", "HOME": folder]
    let pipe = Pipe()
    (process.standardOutput, process.standardError) = (pipe, pipe)
    try process.run()
    let said = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    #expect(process.terminationStatus == 0, "\(said)")
    return said
  }

  /// In light and in dark it is drawn, differently, and the console has nothing to say: neither of the page's policy, which forbids
  /// every reference to elsewhere, nor of broken markup.
  @Test(.enabled(if: hasBoth, "no Chromium or no gnuplot: apt-get install chromium gnuplot-nox"))
  func lightAndDark() throws {
    let sandbox = try Sandbox()
    #expect(
      try sandbox.toys(["train", "toy", "--dataset", "toy-bars", "--output", "run", "--lr", "0.002"]).status == 0)
    #expect(
      try sandbox.toys(["evaluate", "--model", "run/best_model.pth", "--output", "out", "--draws", "20"]).status == 0)
    for folder in ["run", "out"] {
      let page = "\(sandbox.root)/work/\(folder)/report.html"
      var pictures: [Data] = []
      for (mode, scheme) in [("dark", 0), ("light", 1)] {
        let file = "\(sandbox.root)/\(folder)-\(mode).png"
        let said = try open(
          page, ["--blink-settings=preferredColorScheme=\(scheme)", "--screenshot=\(file)"], in: sandbox.root)
        #expect(!said.contains("CONSOLE"), "\(said)")
        pictures.append(try Data(contentsOf: URL(fileURLWithPath: file)))
      }
      #expect(pictures[0] != pictures[1])
      // An empty page of this size has about 20 kB.
      #expect(pictures.allSatisfy { $0.count > 100_000 })
      let dom = try open(page, ["--dump-dom"], in: sandbox.root)
      #expect(dom.contains("<h1>\(folder == "run" ? "Run of recipe toy" : "Evaluation of best_model.pth")"))
      // On a narrow page no figure has to be scrolled.
      #expect(dom.contains("class=\"whole\"") && dom.contains("max-width: 700px") && !dom.contains("whole scrolled"))
      // The class whose name is markup is shown, not obeyed.
      #expect(dom.contains("&lt;i&gt;\"five\"&lt;/i&gt;") && !dom.contains("<i>"))
    }
  }
}
