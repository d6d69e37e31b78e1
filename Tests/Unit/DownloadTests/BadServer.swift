import Foundation
import Testing

@testable import SentryDownload

/// Fixtures/server.py in a process of its own, for as long as the object lives.
final class BadServer: @unchecked Sendable {
  // Unchecked: nothing changes after the start.
  static let shared = try? BadServer()
  private let process = Process()
  private let input = Pipe()
  let base: String

  init() throws {
    let output = Pipe()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    let script = (#filePath as NSString).deletingLastPathComponent + "/Fixtures/server.py"
    process.arguments = ["python3", "-B", script]
    (process.standardInput, process.standardOutput) = (input, output)
    try process.run()
    var line: [UInt8] = []
    while line.last != 0x0A, let byte = try output.fileHandleForReading.read(upToCount: 1)?.first { line.append(byte) }
    let port = try #require(Int(String(decoding: line.dropLast(), as: UTF8.self)))
    base = "http://127.0.0.1:\(port)"
  }

  deinit {
    try? input.fileHandleForWriting.close()
    process.waitUntilExit()
  }

  func address(_ mode: String, _ name: String, _ query: String = "size=100000") -> String {
    "\(base)/\(mode)/\(name)?\(query)"
  }

  struct Request: Decodable {
    var mode: String
    var range, ifRange: String?
    enum CodingKeys: String, CodingKey {
      case mode, range
      case ifRange = "if_range"
    }
  }

  /// What the server was asked for under this name.
  func requests(_ name: String) throws -> [Request] {
    let folder = try TemporaryTree()
    let path = folder.path("log")
    _ = try Downloader().fetch(Download(url: "\(base)/log/\(name)", path: path))
    return try JSONDecoder().decode([Request].self, from: Data(contentsOf: URL(fileURLWithPath: path)))
  }
}

/// A folder that goes with the object.
final class TemporaryTree {
  let root = "/tmp/sentry-download-tests-\(UUID().uuidString)"
  init() throws { try FileManager.default.createDirectory(atPath: root, withIntermediateDirectories: true) }
  deinit { try? FileManager.default.removeItem(atPath: root) }
  func path(_ name: String) -> String { "\(root)/\(name)" }
  var names: [String] { ((try? FileManager.default.contentsOfDirectory(atPath: root)) ?? []).sorted() }
  func size(_ name: String) -> Int? { Disk.size(of: path(name)) }
}
