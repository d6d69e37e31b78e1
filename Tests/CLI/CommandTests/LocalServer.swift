import Foundation

/// A web server of the tests in a process of its own, for the program under test: a Python script that prints its port and serves
/// until its input ends.
final class LocalServer: @unchecked Sendable {
  // Unchecked: nothing changes after the start.
  private let process = Process()
  private let input = Pipe()
  let base: String

  /// - Parameter script: relative to the folder of these tests.
  init(_ script: String) throws {
    let output = Pipe()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    let here = (#filePath as NSString).deletingLastPathComponent
    process.arguments = ["python3", "-B", "\(here)/\(script)"]
    (process.standardInput, process.standardOutput) = (input, output)
    try process.run()
    var line: [UInt8] = []
    while line.last != 0x0A, let byte = try output.fileHandleForReading.read(upToCount: 1)?.first { line.append(byte) }
    base = "http://127.0.0.1:\(String(decoding: line.dropLast(), as: UTF8.self))"
  }

  /// What the server answers.
  func text(_ path: String) throws -> String {
    let (client, output) = (Process(), Pipe())
    client.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    client.arguments = [
      "python3", "-c", "import sys, urllib.request; print(end=urllib.request.urlopen(sys.argv[1]).read().decode())",
      "\(base)/\(path)",
    ]
    client.standardOutput = output
    try client.run()
    let bytes = output.fileHandleForReading.readDataToEndOfFile()
    client.waitUntilExit()
    return String(decoding: bytes, as: UTF8.self)
  }

  deinit {
    try? input.fileHandleForWriting.close()
    process.waitUntilExit()
  }
}
