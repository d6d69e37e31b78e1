import Glibc

/// What a session takes from the process around it, so that the tests can put their own in its place.
struct SessionEnvironment: Sendable {
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
  /// What draws the pictures that TensorBoard shows; nil leaves them out.
  var gnuplot: Gnuplot?
  /// Whether a finished run is evaluated and gets its report.html.
  var writesReport = false

  static var process: SessionEnvironment {
    SessionEnvironment(
      isCancelled: { HostState.shared.isCancelled }, takeMetrics: { HostState.shared.takeMetrics() },
      reporter: TerminalReporter.shared, now: monotonicSeconds, handlesSignals: true,
      gnuplot: Gnuplot(), writesReport: true)
  }

  static let monotonicSeconds: @Sendable () -> Double = {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
  }
}
