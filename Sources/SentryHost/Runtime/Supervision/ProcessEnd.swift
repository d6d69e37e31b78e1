import Glibc

/// How a child ended, as `waitpid` tells.
package struct ProcessEnd: Sendable, CustomStringConvertible {
  /// The signal that ended it.
  package let signal: Int32?
  package let exitStatus: Int32

  init(_ status: Int32) {
    signal = status & 0x7F == 0 ? nil : status & 0x7F
    exitStatus = (status >> 8) & 0xFF
  }

  package var description: String { signal.map(Self.name(of:)) ?? "exit status \(exitStatus)" }

  private static func name(of signal: Int32) -> String {
    let names = [
      SIGSEGV: "SIGSEGV", SIGABRT: "SIGABRT", SIGILL: "SIGILL", SIGBUS: "SIGBUS", SIGFPE: "SIGFPE", SIGKILL: "SIGKILL",
      SIGTRAP: "SIGTRAP", SIGSYS: "SIGSYS", SIGTERM: "SIGTERM", SIGPIPE: "SIGPIPE", SIGALRM: "SIGALRM",
    ]
    return names[signal] ?? "signal \(signal)"
  }
}
