import FoundationEssentials
import Glibc
import Logging
import SentryPluginAPI

/// What came of loading a file in a child process.
package struct ProbeResult: Codable, Sendable {
  var state: PluginReport.State
  var reason: String?
  var hint: String?
  var declaration: PluginDeclaration?
  /// Whether the same file would fare the same again: a missing library may be installed any time.
  var isLasting = true
  /// Whether it ran out of time, which ``ProbeCache`` remembers for a while; nil: no.
  var isOutOfTime: Bool?

  static func quarantined(_ reason: String) -> ProbeResult {
    ProbeResult(
      state: .quarantined, reason: reason, hint: "repair it, then run: sentry plugins list --probe")
  }

  static func outOfTime(_ timeout: Duration) -> ProbeResult {
    var result = ProbeResult.quarantined("it did not finish loading within \(timeout.components.seconds) s")
    (result.isLasting, result.isOutOfTime) = (false, true)
    return result
  }

  /// The same, with a reason in place of what its components would tell of their devices.
  func withoutAnswers(_ reason: String) -> ProbeResult {
    var result = self
    for index in declaration?.components.indices ?? 0..<0 where declaration?.components[index].asksDevices == true {
      result.declaration?.components[index].availability = ComponentAvailability(
        devices: [], reason: reason, reasonOnCPU: reason)
    }
    return result
  }

  static func unprobed(_ reason: String) -> ProbeResult {
    ProbeResult(state: .refused, reason: "it could not be probed: \(reason)", isLasting: false)
  }
}

/// Loads a file in a ``SupervisedProcess`` first: `sentry __probe FILE`.
package struct Probe: Sendable {
  package static let argument = "__probe"

  /// The program to run, which must be `sentry`; nil looks at the file in this process.
  package var executable: String?
  /// What the process that loads the file may take. A library for a GPU that has to be read from a disk takes tens of seconds.
  package var timeout: Duration
  /// Beyond this, the user is told what is waited for.
  private static let patience = Duration.seconds(5)

  package init(executable: String? = "/proc/self/exe", timeout: Duration = .seconds(60)) {
    (self.executable, self.timeout) = (executable, timeout)
  }

  /// The further argument that asks the components for their devices.
  package static let devices = "devices"

  /// - Parameter asksDevices: also asks the components that can tell on which devices they work; that takes as long as their
  ///   libraries take.
  package func run(_ file: String, asksDevices: Bool = false) -> ProbeResult {
    guard let executable else { return ProbeChild.outcome(of: file, asksDevices: asksDevices) }
    let process = SupervisedProcess(
      executable: executable,
      arguments: [Self.argument, file, String(timeout.milliseconds)] + (asksDevices ? [Self.devices] : []),
      environment: Self.environment(asksDevices: asksDevices), timeout: timeout)
    let outcome = process.run(patience: Self.patience) {
      Logger.host.info("\(file) is still loading in its probe, which ends after \(timeout.components.seconds) s")
    }
    switch outcome {
    case .unstarted(let reason): return .unprobed(reason)
    case .stuck: return .quarantined("it prevented its probe from ending")
    case .ended(let answer, let end):
      guard let result = try? JSONDecoder().decode(ProbeResult.self, from: Data(answer)) else {
        return .quarantined("it ended its probe (\(end))")
      }
      return result
    }
  }

  private static func environment(asksDevices: Bool) -> [String: String] {
    var variables = SupervisedProcess.inheritedEnvironment
    // What decides on devices may stand in any variable: CUDA_VISIBLE_DEVICES is one.
    if !asksDevices {
      variables = variables.filter { ["PATH", "HOME", "LD_LIBRARY_PATH", "LANG", "SWIFT_BACKTRACE"].contains($0.key) }
    }
    return variables
  }
}

extension Probe {
  /// For programs that are not `sentry` themselves, and must not be started as if they were: the `sentry` beside the
  /// plugins or of their installation. Without one, the files are looked at in this process.
  package static func besidePlugins(_ search: SearchPath) -> Probe {
    let places = search.folders.filter(\.exists).flatMap { folder in
      // PREFIX/lib/sentry/plugins belongs to PREFIX/bin/sentry.
      [folder.path + "/sentry"]
        + (folder.path.hasSuffix("/lib/sentry/plugins")
          ? [folder.path.dropLast("/lib/sentry/plugins".count) + "/bin/sentry"] : [])
    }
    var probe = Probe()
    probe.executable = places.first {
      access($0, X_OK) == 0 && !SystemFile.isFolder($0) && FileTrust.objection(to: $0) == nil
    }
    return probe
  }
}
