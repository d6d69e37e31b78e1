import CSentryProcess
import Glibc
import Logging
import SentryPluginAPI
import SentryPluginTestKit
import SentryRuntime

/// One check in a process of its own: `sentry __check REQUEST`.
struct CheckProcess: Sendable {
  static let argument = "__check"
  /// Of the pool that the plugin has: more than one, so that its parts run side by side as in a run.
  static let threads = 2

  /// What the process is told.
  struct Request: Codable, Sendable {
    var file: String
    var check: String
    /// The component that it is about, by the border's kind and its name.
    var kind: String?
    var name: String?
    var settings: [String]
    var data: String?
    /// See ``CheckedPlugin/declared``.
    var declared: String?
    var seed: UInt64
    var seconds: Int
    /// Of memory that the process may write.
    var mebibytes: Int
  }

  let request: Request
  private var timeout: Duration { .seconds(request.seconds) }

  init(_ request: Request) { self.request = request }

  /// Runs the check and waits for its end, whatever the plugin does.
  func run() throws -> LawOutcome {
    let output = try CapturedOutput()
    let process = SupervisedProcess(
      arguments: [Self.argument, try JSON.text(request), String(timeout.milliseconds)],
      // What glibc keeps for its threads would look like memory that a plugin never frees.
      environment: SupervisedProcess.inheritedEnvironment.merging(["GLIBC_TUNABLES": "glibc.malloc.tcache_count=0"]) {
        $1
      },
      timeout: timeout, output: output.descriptor)
    func failed(_ message: String) -> LawOutcome {
      // Swift's runtime says why it stops, and then where, without names.
      let lines = output.text(last: 8192).split(separator: "\n").prefix { !$0.hasPrefix("Current stack trace") }
      let written = lines.joined(separator: "\n").suffix(600)
      return LawOutcome(
        law: request.check, verdict: .violated,
        messages: [message] + (written.isEmpty ? [] : ["it wrote: \(written)"]))
    }
    switch process.run() {
    case .unstarted(let reason): throw PluginError("the check \(request.check) cannot be started: \(reason)")
    case .stuck: return failed("the plugin prevented the check from ending")
    case .ended(let answer, let end):
      guard let answer = try? JSON.decode(Answer.self, from: String(decoding: answer, as: UTF8.self), what: "an answer")
      else { return failed("the plugin ended the check (\(end))") }
      switch answer {
      case .outcome(let outcome): return outcome
      case .failed(let message): return failed(message)
      }
    }
  }

  /// What the supervisor tells the host.
  private enum Answer: Codable {
    case outcome(LawOutcome)
    case failed(String)
  }

  /// Turns this process into the supervisor of a check.
  /// - Returns: where these are no arguments of a check.
  static func supervise(_ arguments: [String]) {
    guard arguments.count == 3, arguments[0] == argument, let milliseconds = Int(arguments[2]) else { return }
    let timeout = Duration.milliseconds(milliseconds)
    Supervisor(timeout: timeout).run { report in
      let isPublished = report.publish(outcome(of: arguments[1]))
      sentry_leave_now(isPublished ? 0 : 1)
    } answer: { ending -> Answer in
      switch ending {
      case .unstarted(let reason): return .failed("the check could not be started: \(reason)")
      case .outOfTime: return .failed("it did not end within \(timeout.components.seconds) s")
      case .ended(let end, let published):
        guard end.signal == nil, end.exitStatus == 0, let published,
          let outcome = try? JSON.decode(LawOutcome.self, from: published, what: "an outcome")
        else { return .failed(end.signal != nil ? "it crashed (\(end))" : "it ended the process (\(end))") }
        return .outcome(outcome)
      }
    }
  }

  /// In the process that runs code of the plugin.
  private static func outcome(of text: String) -> LawOutcome {
    // What plugins log is not what they print.
    LoggingSystem.bootstrap { _ in SwiftLogNoOpLogHandler() }
    do {
      let request = try JSON.decode(Request.self, from: text, what: "the request")
      limitMemory(request.mebibytes)
      try HostState.shared.startExecutor(threads: threads)
      return try request.perform(isAlone: true)
    } catch {
      return LawOutcome(law: "", verdict: .violated, messages: ["\(error)"])
    }
  }

  private static func limitMemory(_ mebibytes: Int) {
    let bytes = rlim_t(mebibytes) << 20
    var limit = rlimit(rlim_cur: bytes, rlim_max: bytes)
    setrlimit(__rlimit_resource_t(RLIMIT_DATA.rawValue), &limit)
    // A loop that writes fills no disk.
    var file = rlimit(rlim_cur: 1 << 30, rlim_max: 1 << 30)
    setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &file)
  }
}

extension CheckProcess.Request {
  /// Runs the check in this process.
  func perform(isAlone: Bool) throws -> LawOutcome {
    guard let check = PluginCheck.all.first(where: { $0.name == self.check }) else {
      throw PluginError("there is no check '\(self.check)'")
    }
    var component: PluginDeclaration.Component?
    if let kind, let name {
      component = try LoadedPlugin.checked(file).declaration().components.first { $0.kind == kind && $0.name == name }
    }
    let plugin = CheckedPlugin(
      file: file, component: component, assignments: try assignments(), isAlone: isAlone, declared: declared)
    return check.run(plugin, seed)
  }

  func assignments() throws -> [OptionAssignment] {
    try settings.map { try OptionAssignment.setting($0) }
      + (data.map { path in
        [
          OptionAssignment(
            scope: .dataset, name: OptionSchema.pathOption, value: .text(path), source: .commandLine("--data"),
            folder: Paths.working)
        ]
      } ?? [])
  }
}
