import Foundation

/// scripts/check_metrics.py on a folder that `sentry evaluate` wrote.
public enum MetricsCheck {
  public struct Outcome: Sendable {
    public var status: Int32
    public var out: String
    public var isAgreement: Bool { status == 0 && out.contains(" 0 beyond 1e-09") }
  }

  /// Runs in ``PeerPython``, which must be there.
  public static func run(_ folder: String) throws -> Outcome {
    let root = #filePath.split(separator: "/").dropLast(4).map { "/" + $0 }.joined()
    let process = Process()
    process.executableURL = URL(fileURLWithPath: PeerPython.interpreter ?? "/usr/bin/false")
    process.arguments = ["\(root)/scripts/check_metrics.py", folder]
    let pipe = Pipe()
    (process.standardOutput, process.standardError) = (pipe, pipe)
    try process.run()
    let out = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    return Outcome(status: process.terminationStatus, out: out)
  }
}
