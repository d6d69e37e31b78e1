import CSentryPlugin
import SentryPluginAPI
import Synchronization

/// all_reduce for a process that trains alone: the sum over one rank is the tensor itself. What is asked for is checked all
/// the same, so that a trainer that misuses the service fails here and not first on a cluster.
final class Reductions: Sendable {
  static let shared = Reductions()

  private struct Values {
    var last: UInt64 = 0
    var open: Set<UInt64> = []
  }
  private let values = Mutex(Values())

  func start(_ tensor: UnsafePointer<sentry_tensor>, operation: Int32) throws -> UInt64 {
    guard operation == SENTRY_REDUCE_SUM else {
      throw PluginError("all_reduce: unknown operation \(operation)", code: SENTRY_UNSUPPORTED)
    }
    try Tensor.borrowed(tensor) { tensor in
      guard tensor.deviceType == SENTRY_DEVICE_CPU else {
        throw PluginError("all_reduce: the tensor is on device type \(tensor.deviceType)", code: SENTRY_UNSUPPORTED)
      }
      guard [.float32, .float64].contains(tensor.dtype) else {
        throw PluginError("all_reduce: sums of \(tensor.dtype.rawValue) are not supported", code: SENTRY_UNSUPPORTED)
      }
    }
    return values.withLock { values in
      values.last += 1
      values.open.insert(values.last)
      return values.last
    }
  }

  func wait(_ ticket: UInt64) throws {
    guard values.withLock({ $0.open.remove(ticket) }) != nil else {
      throw PluginError.invalid(
        "all_reduce: no operation has the ticket \(ticket)", hint: "wait once for each start, with the ticket it gave")
    }
  }
}
