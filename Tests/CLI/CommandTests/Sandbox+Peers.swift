import Foundation
import SentryTestSupport
import Testing

extension Sandbox {
  /// One of scripts/ that compares what the program and others make of a checkpoint under work/; runs in ``PeerPython``, which must
  /// be there.
  func verify(_ checkpoint: String, by script: String = "verify_checkpoint.py") throws -> (status: Int32, text: String)
  {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: try #require(PeerPython.interpreter))
    process.arguments = [
      "\(Self.package)/scripts/\(script)", "\(root)/work/\(checkpoint)", "--sentry", "\(root)/bin/sentry",
    ]
    process.environment = [
      "SENTRY_PLUGIN_PATH": "\(root)/plugins", "HOME": "\(root)/home", "PATH": "/usr/bin:/bin",
    ]
    let pipe = Pipe()
    (process.standardOutput, process.standardError) = (pipe, pipe)
    try process.run()
    let text = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    return (process.terminationStatus, text)
  }
}
