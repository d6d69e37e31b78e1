import Foundation
import Testing

/// The host's readers of texts from outside read or refuse a few hundred mutations of `Tests/Fuzz/Texts`, always the same.
/// `scripts/fuzz` searches with libFuzzer for texts that reach more code.
@Suite(.serialized) struct TextReaderTests {
  private static let texts = (#filePath as NSString).deletingLastPathComponent + "/../../Fuzz/Texts"

  @Test(arguments: TextReader.allCases)
  func noTextIsTooMuch(reader: TextReader) throws {
    let files = try FileManager.default.contentsOfDirectory(atPath: "\(Self.texts)/\(reader.rawValue)").sorted()
    let seeds = try files.map {
      Array(try Data(contentsOf: URL(fileURLWithPath: "\(Self.texts)/\(reader.rawValue)/\($0)")))
    }
    let folder = NSTemporaryDirectory() + "/sentry-texts-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    for (file, seed) in zip(files, seeds) {
      if file.hasPrefix("refused-") {
        let error = #expect(throws: (any Error).self, "\(file)") { try reader.read(seed, in: folder) }
        if let error { #expect(TextReader.hasWords(error)) }
      } else {
        try reader.read(seed, in: folder)
      }
    }

    var mutator = TextMutator(seeds: seeds, seed: 12)
    for _ in 0..<400 {
      do { try reader.read(mutator.next(), in: folder) } catch { #expect(TextReader.hasWords(error)) }
    }
  }
}
