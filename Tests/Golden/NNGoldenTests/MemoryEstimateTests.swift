import Foundation
import Testing

/// The estimate against what a process of its own really takes.
@Suite(.serialized) struct MemoryEstimateTests {
  @Test(arguments: [
    ["224", "4"], ["224", "4", "low"], ["224", "4", "bf16"], ["224", "6", "frozen"], ["48", "64"],
  ])
  func peakIsNearTheEstimate(_ arguments: [String]) throws {
    if arguments.contains("bf16"), !PrecisionTests.hasBFloat16 { return }
    let folder = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent()
    let process = Process()
    process.executableURL = folder.appendingPathComponent("EngineBench")
    process.arguments = arguments.prefix(2) + ["2"] + arguments.dropFirst(2)
    let pipe = Pipe()
    process.standardOutput = pipe
    try process.run()
    let text = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    try #require(process.terminationStatus == 0, "\(text)")
    let words = text.split(whereSeparator: \.isWhitespace).map(String.init)
    func number(_ name: String) throws -> Double {
      let place = try #require(words.firstIndex(of: name), "no \(name) in: \(text)")
      return try #require(Double(words[place + 1]))
    }
    let taken = try number("peak_bytes") - number("base_bytes")
    let ratio = try number("estimated_bytes") / taken
    #expect(abs(ratio - 1) < 0.15, "\(arguments): the estimate is \(ratio) of \(taken) bytes")
  }
}
