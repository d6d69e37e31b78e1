import Glibc

/// The classes of operation that a profile tells apart.
public enum OperationClass: Int, CaseIterable, Sendable {
  case stem, forwardElementwise, forward1x1, forward3x3, transition, head
  case backwardElementwise, backward1x1Data, backward1x1Weights, backward3x3Data, backward3x3Weights
  case weightGradientSum, weightPacking, update
}

/// Processor seconds that a thread spent in each class of operation: on a shared machine they say more than a clock does.
struct Profile {
  var seconds = [Double](repeating: 0, count: OperationClass.allCases.count)

  static func now() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
  }
}

extension Workspace {
  @inline(__always) func timed<Result>(_ operation: OperationClass, _ body: () throws -> Result) rethrows -> Result {
    guard isProfiling else { return try body() }
    let start = Profile.now()
    defer { profile.seconds[operation.rawValue] += Profile.now() - start }
    return try body()
  }
}

extension ComputeContext {
  /// Processor seconds by class of operation since the last call, summed over the threads.
  ///
  /// Measuring begins with the first call: the clock itself costs a hundredth of a step.
  public func takeProfile() -> [(operation: OperationClass, seconds: Double)] {
    let result = OperationClass.allCases.map { operation in
      (operation, workspaces.reduce(0) { $0 + $1.profile.seconds[operation.rawValue] })
    }
    for workspace in workspaces { (workspace.profile, workspace.isProfiling) = (Profile(), true) }
    return result
  }
}
