import Glibc
import Logging
import SentryRuntime
import SentryTraining
import Synchronization

/// Reports to the terminal: results on standard output, progress and warnings on standard error. Progress is a bar that is
/// drawn anew, at most ten times a second, where standard error is a terminal, and else a line about every ten seconds. Results
/// go to standard error, too, once nobody reads standard output.
final class TerminalReporter: TrainingReporter {
  static let shared = TerminalReporter()

  private struct State {
    var lastDrawn = -Double.infinity
    var lastPhase: StepReport.Phase?
    var lastEpoch = 0
    var barIsShown = false
  }
  private let output: Int32
  private let errors: Int32
  private let isTerminal: Bool
  private let width: @Sendable () -> Int
  private let now: @Sendable () -> Double
  private let state = Mutex(State())

  /// - Parameters:
  ///   - isTerminal: whether `errors` can redraw a line.
  ///   - width: columns of the terminal.
  init(
    output: Int32 = HostGuard.output, errors: Int32 = STDERR_FILENO, isTerminal: Bool = isatty(STDERR_FILENO) == 1,
    width: @escaping @Sendable () -> Int = { TerminalReporter.columns(of: STDERR_FILENO) },
    now: @escaping @Sendable () -> Double = MonotonicClock.seconds
  ) {
    self.output = output
    self.errors = errors
    self.isTerminal = isTerminal
    self.width = width
    self.now = now
  }

  func note(_ text: String) { line(text, to: output) }
  func warn(_ text: String) { line("warning: \(text)", to: errors) }
  func epoch(_ report: EpochReport) { line(RunText.epoch(report), to: output) }
  func detail(_ text: String) { Logger.host.debug("\(text)") }

  func step(_ report: StepReport) {
    state.withLock { state in
      let time = now()
      let isNew = state.lastPhase != report.phase || state.lastEpoch != report.epoch
      (state.lastPhase, state.lastEpoch) = (report.phase, report.epoch)
      if isTerminal {
        guard time - state.lastDrawn >= 0.1 || report.batch == report.batches else { return }
        (state.lastDrawn, state.barIsShown) = (time, true)
        Self.write("\r\u{1b}[2K" + Self.fitted(report, to: width()), to: errors)
      } else {
        // The first line comes when there is something to tell; a short phase has none.
        if isNew { state.lastDrawn = time }
        guard time - state.lastDrawn >= 10 else { return }
        state.lastDrawn = time
        Self.write(TerminalText.printable(RunText.step(report)) + "\n", to: errors)
      }
    }
  }

  /// Lets someone else write to the terminal: clears a bar that stands in the way, and draws none meanwhile. The next step
  /// draws it again.
  func makingRoom(_ body: () -> Void) {
    state.withLock { state in
      if state.barIsShown {
        Self.write("\r\u{1b}[2K", to: errors)
        (state.barIsShown, state.lastDrawn) = (false, -Double.infinity)
      }
      body()
    }
  }

  /// Writes a whole line, clearing a bar that stands in its way.
  private func line(_ text: String, to file: Int32) {
    state.withLock { state in
      if state.barIsShown { Self.write("\r\u{1b}[2K", to: errors) }
      (state.barIsShown, state.lastDrawn) = (false, isTerminal ? -Double.infinity : state.lastDrawn)
      let text = TerminalText.printable(text) + "\n"
      if !Self.write(text, to: file), file != errors { Self.write(text, to: errors) }
    }
  }

  /// The progress line with as long a bar as fits, cut where even the text does not.
  static func fitted(_ report: StepReport, to width: Int) -> String {
    let plain = TerminalText.printable(RunText.step(report))
    // The last column stays free: a cursor beyond it would start a new line.
    let room = width - 1 - plain.count - 4
    return String(TerminalText.printable(RunText.step(report, barWidth: min(room, 40))).prefix(max(1, width - 1)))
  }

  static func columns(of file: Int32) -> Int {
    var size = winsize()
    return ioctl(file, UInt(TIOCGWINSZ), &size) == 0 && size.ws_col > 0 ? Int(size.ws_col) : 80
  }

  /// - Returns: whether all of it was written. If not, nobody is there to read, which does not fail the run.
  @discardableResult private static func write(_ text: String, to file: Int32) -> Bool {
    var bytes = Array(text.utf8)[...]
    while !bytes.isEmpty {
      let count = bytes.withUnsafeBytes { Glibc.write(file, $0.baseAddress, $0.count) }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { return false }
      bytes = bytes.dropFirst(count)
    }
    return true
  }
}
