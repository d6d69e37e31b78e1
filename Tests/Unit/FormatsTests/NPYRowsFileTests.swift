import Foundation
import SentryFormats
import Testing

@Suite struct NPYRowsFileTests {
  private func scratch(_ body: (String) throws -> Void) throws {
    let path = "/tmp/sentry-rows-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: path) }
    try body(path)
  }

  /// The bytes are those of the array written at once, whatever the number of rows.
  @Test(arguments: [0, 1, 9, 10, 100_000]) func rowsMakeTheArray(rows: Int) throws {
    try scratch { root in
      let file = try NPYRowsFile("\(root)/rows.npy", width: 3)
      for row in 0..<rows { try file.append([Float(row), -1, 0.5]) }
      #expect(!FileManager.default.fileExists(atPath: file.path))
      try file.finish()
      let whole = try StoredTensor((0..<rows).flatMap { [Float($0), -1, 0.5] }, shape: [rows, 3])
      try NPYFile.write(whole, to: "\(root)/whole.npy")
      #expect(FileManager.default.contentsEqual(atPath: file.path, andPath: "\(root)/whole.npy"))
    }
  }

  @Test func whatIsNotFinishedLeavesNothing() throws {
    try scratch { root in
      do {
        let file = try NPYRowsFile("\(root)/rows.npy", width: 1)
        try file.append([1])
      }
      #expect(try FileManager.default.contentsOfDirectory(atPath: root).isEmpty)
    }
  }

  @Test func anotherWidthIsRefused() throws {
    try scratch { root in
      let file = try NPYRowsFile("\(root)/rows.npy", width: 2)
      #expect(throws: FormatError.self) { try file.append([1]) }
    }
  }
}
