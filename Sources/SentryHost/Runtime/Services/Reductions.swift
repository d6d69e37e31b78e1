import CSentryPlugin
import SentryPluginAPI
import Synchronization

/// The service all_reduce. For a process that trains alone the sum over one rank is the tensor itself; what is asked for is checked
/// all the same, so that a trainer that misuses the service fails here and not first on a cluster.
final class Reductions: Sendable {
  static let shared = Reductions()

  private struct Values {
    var last: UInt64 = 0
    var open: Set<UInt64> = []
  }
  private let values = Mutex(Values())

  func start(_ tensor: UnsafePointer<sentry_tensor>, operation: Int32, in world: World) throws -> UInt64 {
    guard operation == SENTRY_REDUCE_SUM else {
      throw PluginError("all_reduce: unknown operation \(operation)", code: SENTRY_UNSUPPORTED)
    }
    let started = try Tensor.borrowed(tensor) { tensor -> UInt64? in
      // Whether devices can be reached is for the communicator to say.
      guard world.size > 1 || tensor.deviceType == SENTRY_DEVICE_CPU else {
        throw PluginError("all_reduce: the tensor is on device type \(tensor.deviceType)", code: SENTRY_UNSUPPORTED)
      }
      guard [.float32, .float64].contains(tensor.dtype) else {
        throw PluginError("all_reduce: sums of \(tensor.dtype.rawValue) are not supported", code: SENTRY_UNSUPPORTED)
      }
      return try world.startSum(tensor)
    }
    if let started { return started }
    return values.withLock { values in
      values.last += 1
      values.open.insert(values.last)
      return values.last
    }
  }

  func wait(_ ticket: UInt64, in world: World) throws {
    if let operations = world.operations { return try operations.wait(for: ticket) }
    guard values.withLock({ $0.open.remove(ticket) }) != nil else {
      throw PluginError.invalid(
        "all_reduce: no operation has the ticket \(ticket)", hint: "wait once for each start, with the ticket it gave")
    }
  }
}
