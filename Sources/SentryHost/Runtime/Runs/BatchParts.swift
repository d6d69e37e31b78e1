import CSentryPlugin
import SentryPluginAPI

/// How a batch passes through a model without training: whole, and where memory ran out in smaller parts from then on. The answers to a
/// sample do not depend on the others, so that parts change nothing but rounding.
package struct BatchParts {
  /// The most samples that go at once; nil: all of a batch.
  package private(set) var largest: Int?

  package init() {}

  /// - Parameters:
  ///   - warn: told once each time that parts get smaller.
  ///   - body: takes some rows; begins anew with the first where memory runs out.
  /// - Returns: what `body` gives for the parts, in their order.
  /// - Throws: ``PluginError`` (no memory) where not even one sample fits; whatever else `body` throws.
  package mutating func run<Result>(
    rows: Int, warn: (String) -> Void, _ body: (Range<Int>) throws -> Result
  ) throws -> [Result] {
    while true {
      let size = min(largest ?? rows, rows)
      let count = size > 0 ? (rows + size - 1) / size : 1
      do {
        return try (0..<count).map { try body(rows * $0 / count..<rows * ($0 + 1) / count) }
      } catch let error as PluginError where error.code == SENTRY_NO_MEMORY {
        let half = try Self.half(of: size, after: error)
        largest = half
        warn(
          "memory ran out with \(size) samples at once (\(error.message)); from now on at most \(half) go through the model at once"
        )
      }
    }
  }

  /// How many samples to try where so many were too many.
  /// - Throws: ``PluginError`` (no memory) where parts cannot be smaller.
  package static func half(of samples: Int, after error: PluginError) throws -> Int {
    guard samples > 1 else {
      throw PluginError(
        "memory ran out with a single sample: \(error.message)",
        hint: error.hint ?? "use smaller inputs, or free memory where the model computes", code: SENTRY_NO_MEMORY)
    }
    return (samples + 1) / 2
  }
}
