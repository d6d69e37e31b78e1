import CSentryPlugin
import SentryPluginAPI

/// What a batch takes beside the memory that there is, and into what parts it is split where it would not fit.
package struct MemoryPlan: Codable, Sendable, Equatable {
  /// What training on a whole batch takes from now on.
  package var batchBytes: Int
  package var availableBytes: Int
  /// The most samples that go through the model at once, where that is not the whole batch.
  package var microBatch: Int?
  /// What training takes with such parts.
  package var microBatchBytes: Int?
  /// Whether the host chose the parts, or the user did.
  package var automatic = false
  /// Whether the memory is that of a device on which the model computes; nil: it is the system's.
  package var isOfDevice: Bool?

  enum CodingKeys: String, CodingKey {
    case automatic
    case batchBytes = "batch_bytes"
    case availableBytes = "available_bytes"
    case microBatch = "micro_batch"
    case microBatchBytes = "micro_batch_bytes"
    case isOfDevice = "is_of_device"
  }

  /// - Parameters:
  ///   - asked: the parts that the user wants; nil leaves them to the memory.
  ///   - estimate: what training on so many samples at once takes, rising with their number.
  /// - Throws: ``PluginError`` (no memory) where not even one sample fits.
  package init(batchSize: Int, asked: Int?, available: Int, estimate: (Int) -> Int) throws {
    (batchBytes, availableBytes) = (estimate(batchSize), available)
    if let asked {
      if asked < batchSize { (microBatch, microBatchBytes) = (asked, estimate(asked)) }
      return
    }
    guard batchBytes > available else { return }
    guard let largest = Self.largest(below: batchSize, where: { estimate($0) <= available }) else {
      throw PluginError(
        "a single sample takes \(NumberText.bytes(estimate(1))), but \(NumberText.bytes(available)) of memory is available: "
          + "\(NumberText.bytes(estimate(1) - available)) too little",
        hint: "use smaller inputs, close other programs, or raise run.memory-limit (MB)",
        code: SENTRY_NO_MEMORY)
    }
    // As many parts as are needed, all of nearly one size.
    let parts = (batchSize + largest - 1) / largest
    let size = (batchSize + parts - 1) / parts
    (microBatch, microBatchBytes, automatic) = (size, estimate(size), true)
  }

  /// The largest number from 1 to below `limit` that fits, by bisection.
  private static func largest(below limit: Int, where fits: (Int) -> Bool) -> Int? {
    guard limit > 1, fits(1) else { return nil }
    var (good, bad) = (1, limit)
    while bad - good > 1 {
      let middle = (good + bad) / 2
      if fits(middle) { good = middle } else { bad = middle }
    }
    return good
  }

  /// Whether what is going to be done fits.
  package var missingBytes: Int { max(0, (microBatchBytes ?? batchBytes) - availableBytes) }
}
