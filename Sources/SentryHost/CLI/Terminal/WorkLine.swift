import Glibc
import SentryDownload
import SentryRuntime
import Synchronization

/// How a long piece of work goes, on standard error: a bar that is drawn anew where that is a terminal, and else a line about
/// every ten seconds.
final class WorkLine: Sendable {
  enum Unit: Sendable { case bytes, samples }

  private struct State {
    var name: String?
    var started = 0.0
    var drawn = -Double.infinity
    var isShown = false
  }
  private let unit: Unit
  private let isTerminal: Bool
  private let columns: @Sendable () -> Int
  private let now: @Sendable () -> Double
  private let write: @Sendable (String) -> Void
  private let state = Mutex(State())

  init(
    _ unit: Unit = .bytes, isTerminal: Bool = isatty(STDERR_FILENO) == 1,
    columns: @escaping @Sendable () -> Int = { TerminalReporter.columns(of: STDERR_FILENO) },
    now: @escaping @Sendable () -> Double = MonotonicClock.seconds,
    write: @escaping @Sendable (String) -> Void = Console.drawing
  ) {
    self.unit = unit
    self.isTerminal = isTerminal
    self.columns = columns
    self.now = now
    self.write = write
  }

  /// - Parameters:
  ///   - done: since the work began, without what was there before.
  ///   - base: what was there before.
  ///   - total: of all, what was there before included.
  func update(_ name: String, done: Int, total: Int?, base: Int = 0) {
    state.withLock { state in
      let time = now()
      if state.name != name {
        (state.name, state.started) = (name, time)
        state.drawn = isTerminal ? -Double.infinity : time
      }
      let isEnd = total == base + done
      guard time - state.drawn >= (isTerminal ? 0.1 : 10) || (isTerminal && isEnd) else { return }
      state.drawn = time
      let seconds = max(time - state.started, 1e-3)
      let rate = Double(done) / seconds
      let plain = text(name, done: base + done, total: total, rate: rate, bar: "")
      guard isTerminal else { return write(plain + "\n") }
      let room = min(30, columns() - 4 - plain.count)
      let bar = room >= 5 && (total ?? 0) > 0 ? Self.bar(Double(base + done) / Double(total ?? 1), room) : ""
      state.isShown = true
      write("\r\u{1b}[2K" + text(name, done: base + done, total: total, rate: rate, bar: bar).prefix(columns() - 1))
    }
  }

  /// Makes room for a line that someone else is about to write.
  func clear() {
    state.withLock { state in
      if state.isShown { write("\r\u{1b}[2K") }
      state.isShown = false
    }
  }

  /// As those see it who only count.
  var progress: WorkProgress {
    WorkProgress(update: { self.update($0, done: $1, total: $2) }, end: { self.clear() })
  }

  private func text(_ name: String, done: Int, total: Int?, rate: Double, bar: String) -> String {
    var parts = [TerminalText.printable(name)]
    if !bar.isEmpty { parts.append(bar) }
    if let total, total > 0 {
      parts.append("\(NumberText.padded(NumberText.fixed(100 * Double(done) / Double(total), 0), to: 3)) %")
      parts.append("\(amount(done)) of \(amount(total))")
      parts.append("ETA \(rate > 0 ? NumberText.duration(Double(max(0, total - done)) / rate) : "?")")
    } else {
      parts.append(amount(done))
    }
    parts.append(unit == .bytes ? "\(ByteCount.text(Int(rate)))/s" : "\(NumberText.fixed(rate, 0))/s")
    return parts.joined(separator: "  ")
  }

  private func amount(_ count: Int) -> String { unit == .bytes ? ByteCount.text(count) : "\(count)" }

  private static func bar(_ share: Double, _ width: Int) -> String {
    let filled = max(0, min(width, Int(share * Double(width))))
    return "[\(String(repeating: "=", count: filled))\(String(repeating: " ", count: width - filled))]"
  }
}
