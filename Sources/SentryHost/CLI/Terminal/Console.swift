import Glibc
import SentryRuntime

/// Results go to standard output, everything else to standard error. What texts of others would do to a terminal is taken
/// from them here, and in ``TerminalReporter`` and ``WorkLine``, whose own control characters draw bars.
enum Console {
  static func result(_ text: String) { write(TerminalText.printable(text) + "\n", to: HostGuard.output) }
  /// A progress bar makes way for the text.
  static func error(_ text: String) { drawing(TerminalText.printable(text)) }
  /// The same with control characters of the host's own.
  static func drawing(_ text: String) { TerminalReporter.shared.makingRoom { write(text, to: STDERR_FILENO) } }

  /// Not `print`: a full disk or a closed pipe must not pass for success, and `stderr` is out of reach in language mode 6.
  private static func write(_ text: String, to descriptor: Int32) {
    var bytes = ArraySlice(Array(text.utf8))
    while !bytes.isEmpty {
      let count = bytes.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
      if count < 0 && errno == EINTR { continue }
      if count <= 0 {
        guard descriptor != STDERR_FILENO else { return }
        error("Error: standard output cannot be written: \(String(cString: strerror(errno)))\n")
        Failure.exit(Failure.failed)
      }
      bytes = bytes.dropFirst(count)
    }
  }
}
