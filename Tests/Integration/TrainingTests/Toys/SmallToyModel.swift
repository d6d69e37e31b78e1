import CSentryPlugin
import SentryPluginAPI

/// The toy on a device with little memory.
final class SmallToyModel: RemoteToyModel, MemoryEstimatingModel, @unchecked Sendable {
  // Unchecked: as the superclass.
  var availableBytes: Int?
  /// Passes of more rows fail.
  var mostRows = Int.max
  /// Those without gradients.
  var mostRowsAsked = Int.max
  /// These passes fail, by their number from 1.
  var failing: Set<Int> = []
  /// These updates do.
  var failingUpdates: Set<Int> = []
  private(set) var rows: [Int] = []
  private var updatesAsked = 0

  func estimatedBytes(batchSize: Int, training: Bool) -> Int { batchSize * 1000 }

  override func forward(_ input: Tensor, training: Bool, seed: UInt64) throws -> [Tensor] {
    rows.append(input.shape[0])
    guard input.shape[0] <= (training ? mostRows : min(mostRows, mostRowsAsked)), !failing.contains(rows.count) else {
      throw PluginError("the card is full", code: SENTRY_NO_MEMORY)
    }
    return try super.forward(input, training: training, seed: seed)
  }

  override func update(_ settings: String) throws -> Double {
    updatesAsked += 1
    if failingUpdates.contains(updatesAsked) { throw PluginError("no room for states", code: SENTRY_NO_MEMORY) }
    return try super.update(settings)
  }
}
