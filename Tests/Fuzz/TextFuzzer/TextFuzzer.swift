import Glibc

/// What libFuzzer calls, with the reader that `SENTRY_FUZZ` names.
private final class TextFuzzer: Sendable {
  static let shared = TextFuzzer()
  private let reader: TextReader
  private let folder: String

  private init() {
    guard let name = getenv("SENTRY_FUZZ"), let reader = TextReader(rawValue: String(cString: name)),
      let memory = strdup("/dev/shm/sentry-fuzz-XXXXXX"), mkdtemp(memory) != nil
    else { fatalError("SENTRY_FUZZ names no reader, or /dev/shm cannot be written") }
    self.reader = reader
    folder = String(cString: memory)
    free(memory)
  }

  func run(_ text: [UInt8]) {
    do { try reader.read(text, in: folder) } catch {
      guard TextReader.hasWords(error) else { fatalError("an error without words, or without end") }
      if getenv("SENTRY_FUZZ_SHOW") != nil { print("refused: \(error)") }
    }
  }
}

@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzOneText(_ data: UnsafePointer<UInt8>?, _ count: Int) -> Int32 {
  TextFuzzer.shared.run(Array(UnsafeBufferPointer(start: data, count: count)))
  return 0
}
