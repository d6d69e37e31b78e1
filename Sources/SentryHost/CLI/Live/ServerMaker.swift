import SentryInference
import Synchronization

/// What makes the server of `demo --serve` in this program, if it has one.
final class ServerMaker: Sendable {
  typealias Make = @Sendable (ServingAddress) throws -> any LiveServing

  static let shared = ServerMaker()
  private let value = Mutex<Make?>(nil)

  var make: Make? {
    get { value.withLock(\.self) }
    set { value.withLock { $0 = newValue } }
  }
}
