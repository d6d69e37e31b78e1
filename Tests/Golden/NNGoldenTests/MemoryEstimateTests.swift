import Foundation
import SentryNN
import Testing

/// The estimate against what a process of its own really takes.
@Suite(.serialized) struct MemoryEstimateTests {
  @Test(arguments: [
    ["--size", "224", "--batch", "4"], ["--size", "224", "--batch", "4", "--memory", "low"],
    ["--size", "224", "--batch", "4", "--precision", "bf16"], ["--size", "224", "--batch", "6", "--freeze", "block3"],
    ["--size", "48", "--batch", "64"],
  ])
  func peakIsNearTheEstimate(_ arguments: [String]) throws {
    // The bench does not force what would be emulated.
    if arguments.contains("bf16"), try CPULevel.selected() != .avx512bf16 { return }
    let folder = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent()
    let process = Process()
    process.executableURL = folder.appendingPathComponent("EngineBench")
    process.arguments = ["train"] + arguments + ["--passes", "1", "--rounds", "1"]
    let pipe = Pipe()
    process.standardOutput = pipe
    try process.run()
    let text = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    try #require(process.terminationStatus == 0, "\(text)")
    let last = try #require(text.split(separator: "\n").last)
    let numbers = try #require(JSONSerialization.jsonObject(with: Data(last.utf8)) as? [String: Any])
    func number(_ name: String) throws -> Double { try #require((numbers[name] as? NSNumber)?.doubleValue, "\(text)") }
    let taken = try number("peak_bytes") - number("base_bytes")
    let ratio = try number("estimated_bytes") / taken
    #expect(abs(ratio - 1) < 0.15, "\(arguments): the estimate is \(ratio) of \(taken) bytes")
  }
}
