import CSentryProcess
import Glibc
import SentryRuntime

/// What code can leave behind in its process.
struct ProcessTraces {
  let threads: Int
  let descriptors: Set<String>
  let folder: String
  let handlers: [Int32]

  init() {
    threads = Paths.names(in: "/proc/self/task")?.count ?? 0
    descriptors = Set(
      (Paths.names(in: "/proc/self/fd") ?? []).compactMap { number in
        // That of the folder that was just read is gone by now.
        (try? SystemFile.target(ofLink: "/proc/self/fd/\(number)")).map { "\($0) (descriptor \(number))" }
      })
    folder = Paths.working
    handlers = Self.signals.filter { sentry_signal_is_handled($0) != 0 }
  }

  /// A clause about what there is more of; nil where there is nothing.
  func growth(since before: ProcessTraces) -> String? {
    if threads > before.threads { return "\(threads - before.threads) more threads run: a plugin uses parallel_for" }
    if let file = descriptors.subtracting(before.descriptors).sorted().first { return "\(file) is still open" }
    if folder != before.folder { return "the working folder is \(folder)" }
    if let signal = handlers.first(where: { !before.handlers.contains($0) }) {
      return "signal \(signal) (\(String(cString: strsignal(signal)))) has a handler, which is the host's to set"
    }
    return nil
  }

  private static let signals: [Int32] = [SIGINT, SIGTERM, SIGHUP, SIGPIPE, SIGCHLD, SIGSEGV, SIGABRT, SIGALRM]

  /// What is allocated from the heap of this process.
  static var heapBytes: Int { Int(sentry_heap_bytes()) }
}
