import Glibc

/// Gives the reader that `SENTRY_FUZZ` names what libFuzzer makes.
///
/// SwiftPM links an executable to the `main` of its module, so libFuzzer's own is left out and its driver called.
@main
enum TextFuzzer {
  static func main() {
    var (count, arguments) = (CommandLine.argc, Optional(CommandLine.unsafeArgv))
    exit(runFuzzer(&count, &arguments) { TextInput.shared.run(Array(UnsafeBufferPointer(start: $0, count: $1))) })
  }
}

private typealias Arguments = UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>

/// `int LLVMFuzzerRunDriver(int *argc, char ***argv, int (*)(const uint8_t *, size_t))` of compiler-rt.
@_silgen_name("LLVMFuzzerRunDriver")
private func runFuzzer(
  _ count: UnsafeMutablePointer<Int32>, _ arguments: UnsafeMutablePointer<Arguments?>,
  _ run: @convention(c) (UnsafePointer<UInt8>?, Int) -> Int32
) -> Int32

/// The reader, and the folder in which it finds a text that it reads from a file.
private final class TextInput: Sendable {
  static let shared = TextInput()
  private let reader: TextReader
  private let folder: String

  private init() {
    guard let name = getenv("SENTRY_FUZZ"), let reader = TextReader(rawValue: String(cString: name)),
      let folder = getenv("SENTRY_FUZZ_FOLDER")
    else { fatalError("SENTRY_FUZZ names no reader, or SENTRY_FUZZ_FOLDER no folder: scripts/fuzz sets both") }
    (self.reader, self.folder) = (reader, String(cString: folder))
  }

  func run(_ text: [UInt8]) -> Int32 {
    do { try reader.read(text, in: folder) } catch {
      guard TextReader.hasWords(error) else { fatalError("an error without words, or without end") }
      if getenv("SENTRY_FUZZ_SHOW") != nil { print("refused: \(error)") }
    }
    return 0
  }
}
