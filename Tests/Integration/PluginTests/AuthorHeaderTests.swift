import Foundation
import Testing

/// `sentry/author.h` does as it says, as C and as C++, and reads no byte that is not its own.
@Suite struct AuthorHeaderTests {
  @Test(arguments: [["gcc", "-std=c11", "-x", "c"], ["g++", "-std=c++17", "-x", "c++"]])
  func worksUnderSanitizers(compiler: [String]) throws {
    let workshop = try Workshop()
    let program = "\(workshop.root)/author_header"
    let sources = (#filePath as NSString).deletingLastPathComponent + "/Plugins"
    let flags = [
      "-Wall", "-Wextra", "-Wpedantic", "-Werror", "-g", "-fsanitize=address,undefined", "-fno-sanitize-recover=all",
      "-I", Workshop.headers, "-I", "\(Workshop.headers)/../author",
    ]
    let made = try run("/usr/bin/env", compiler + flags + ["\(sources)/author_header.c", "-o", program])
    try #require(made.status == 0, "\(made.output)")
    let outcome = try run(program, [])
    #expect(outcome.status == 0, "\(outcome.output)")
  }

  private func run(_ program: String, _ arguments: [String]) throws -> (status: Int32, output: String) {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: program)
    process.arguments = arguments
    let pipe = Pipe()
    process.standardOutput = pipe
    process.standardError = pipe
    try process.run()
    let output = try pipe.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    return (process.terminationStatus, String(decoding: output, as: UTF8.self))
  }
}
