import SentryInference
import SentryRuntime

/// What a session takes from the process around it, so that the tests can put their own in its place.
package struct SessionEnvironment: Sendable {
  /// Whether the user asked to stop.
  var isCancelled: @Sendable () -> Bool
  /// The metrics that components reported since the last call.
  var takeMetrics: @Sendable () -> [String: Double]
  var reporter: any TrainingReporter
  /// Seconds from an arbitrary moment.
  var now: @Sendable () -> Double
  /// Called with the path before each file is written.
  var willWrite: @Sendable (String) throws -> Void = { _ in }
  /// Whether SIGINT, SIGTERM and SIGHUP ask the run to stop.
  var handlesSignals = false
  /// The processes that train together with this one.
  var world = World.alone
  /// What draws the pictures that TensorBoard shows; nil leaves them out.
  var gnuplot: Gnuplot?
  /// Whether a finished run is evaluated and gets its report.html.
  var writesReport = false

  /// That of the program.
  package static func process(_ reporter: any TrainingReporter) -> SessionEnvironment {
    SessionEnvironment(
      isCancelled: { HostState.shared.isCancelled }, takeMetrics: { HostState.shared.takeMetrics() },
      reporter: reporter, now: MonotonicClock.seconds, handlesSignals: true, world: HostState.shared.world,
      gnuplot: Gnuplot(), writesReport: true)
  }
}
