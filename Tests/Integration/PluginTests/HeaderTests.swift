import Foundation
import Testing

/// The headers compile as C and as C++, each alone and in any order.
@Suite struct HeaderTests {
  private static let kinds = ["dataset", "augmenter", "model", "trainer", "source"].map { "sentry/\($0).h" }

  @Test(arguments: (kinds + ["sentry_plugin.h"]).map { [$0] } + [kinds, kinds.reversed()], ["c", "c++"])
  func compiles(headers: [String], language: String) throws {
    let workshop = try Workshop()
    // All types are there whichever header was named.
    let source =
      headers.map { "#include <\($0)>\n" }.joined()
      + "const sentry_plugin *plugin;\nsentry_trainer_split split;\nsentry_source_template source;\n"
    try workshop.write(source, to: "header.\(language == "c" ? "c" : "cpp")")
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments =
      [
        "cc", "-x", language, language == "c" ? "-std=c11" : "-std=c++17", "-Wall", "-Wextra", "-Werror",
        "-fsyntax-only",
      ]
      + ["-I", Workshop.headers, "\(workshop.plugins)/header.\(language == "c" ? "c" : "cpp")"]
    try process.run()
    process.waitUntilExit()
    #expect(process.terminationStatus == 0)
  }
}
