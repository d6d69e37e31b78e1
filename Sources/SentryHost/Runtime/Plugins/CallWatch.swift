import CSentryProcess
import Glibc
import SentryPluginAPI

/// Says what a program waits for where a call into a plugin does not return: after ten seconds, and then at growing distances; and
/// a second after the user asked it to stop.
package enum CallWatch {
  /// Watches from a thread of its own as long as the process lives; without a thread, nobody watches.
  package static func start(say: @escaping @Sendable (String) -> Void) {
    _ = try? NamedThread("sentry-watch", niceness: 0) {
      // Signals are for the others.
      var all = sigset_t()
      sigfillset(&all)
      pthread_sigmask(SIG_BLOCK, &all, nil)
      var memory = CallMemory()
      while true {
        usleep(250_000)
        let calls = Call.underWay
        for line in memory.news(of: calls, isCancelled: HostState.shared.isCancelled) { say(line) }
      }
    }
  }

  /// A call that has not returned.
  struct Call {
    var who: String?
    var what: String
    var seconds: Double

    /// Of each thread the innermost.
    fileprivate static var underWay: [Call] {
      var raw = [sentry_call](repeating: sentry_call(), count: 64)
      let count = Int(sentry_calls_under_way(&raw, Int32(raw.count)))
      return raw.prefix(count).map { call in
        // `dataset 'x' of FILE`: the file is of no use here.
        let who = call.who.map { String(cString: $0).split(separator: "'").prefix(2).joined(separator: "'") + "'" }
        var what = call.what.map { String(cString: $0) } ?? ""
        if call.index >= 0 { what += " \(call.index)" + (call.split.map { " of \(String(cString: $0))" } ?? "") }
        return Call(who: who, what: what, seconds: Double(call.milliseconds) / 1000)
      }
    }

    var sentence: String {
      let time = "\(Int(seconds)) s"
      return who.map { "\($0) has been \(what) for \(time)" } ?? "\(what) has been going on for \(time)"
    }
  }
}

/// What the watch has said already.
struct CallMemory {
  static let patience = 10.0
  /// A call that lasts is told of again when it has lasted so much longer; so are others like it, of which a long run may have many.
  private static let growth = 3.0
  private var due: [String: Double] = [:]
  private var cancelledFor = 0
  private var hasToldOfCancelling = false

  mutating func news(of calls: [CallWatch.Call], isCancelled: Bool) -> [String] {
    var news: [String] = []
    for call in calls {
      let kind = "\(call.who ?? "") \(call.what.prefix { !$0.isNumber })"
      guard call.seconds >= due[kind, default: Self.patience] else { continue }
      due[kind] = due[kind, default: Self.patience] * Self.growth
      news.append("note: \(call.sentence)\n")
    }
    // Work that ends soon needs no word.
    cancelledFor = isCancelled ? cancelledFor + 1 : 0
    if cancelledFor > 4, !hasToldOfCancelling, let call = calls.max(by: { $0.seconds < $1.seconds }), call.seconds >= 1
    {
      hasToldOfCancelling = true
      news.append("waiting to stop: \(call.sentence); Ctrl-C again ends at once\n")
    }
    return news
  }
}
