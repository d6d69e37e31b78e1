import FoundationEssentials
import Glibc
import Testing

@testable import SentryFormats

/// The files that taught the fuzzer something (scripts/fuzz) are read or refused, each within bounded memory.
@Suite struct CorpusTests {
  /// In a child, since the limit is the whole process's: half a gibibyte more than it has when it starts.
  @Test(arguments: ReaderExercise.allCases) func everyFileIsReadOrRefused(reader: ReaderExercise) async {
    await #expect(processExitsWith: .success) { [reader] in
      let memory = try String(contentsOfFile: "/proc/self/statm", encoding: .utf8)
      let pages = try #require(Int(memory.prefix { $0 != " " }))
      let bytes = rlim_t(pages * 4096 + 512 << 20)
      // RLIMIT_AS
      var limit = rlimit(rlim_cur: bytes, rlim_max: bytes)
      try #require(setrlimit(__rlimit_resource_t(9), &limit) == 0)
      let folder = try TemporaryFolder()
      var (read, refused) = (0, 0)
      for path in try corpus(reader) {
        do {
          try reader.run(path, folder: folder.path)
          read += 1
        } catch let error as FormatError {
          #expect(!error.detail.isEmpty && error.file.contains("/"), "\(path): \(error)")
          refused += 1
        }
      }
      #expect(read > 0 && refused > 0)
    }
  }

  /// A corpus that grew beyond this slows every run of the tests: minimise it again.
  @Test(arguments: ReaderExercise.allCases) func theCorpusIsSmall(reader: ReaderExercise) throws {
    let sizes = try corpus(reader).map { try contents($0).count }
    #expect(sizes.reduce(0, +) <= 128 << 10)
    #expect(sizes.allSatisfy { $0 <= 4096 })
  }
}

private func corpus(_ reader: ReaderExercise) throws -> [String] {
  let folder = fixture("../../../Fuzz/Corpus/\(reader.rawValue)")
  return try FileManager.default.contentsOfDirectory(atPath: folder).sorted().map { "\(folder)/\($0)" }
}
