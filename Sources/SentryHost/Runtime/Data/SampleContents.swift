import CSentryPlugin
import SentryDigest
import SentryPluginAPI
import Synchronization

/// A number for what samples hold, so that a run goes on with the values with which it began.
///
/// All samples count where they are few or small; of larger sets every n-th, because reading all of them would hold up the
/// start of a run.
package struct SampleContents: Codable, Sendable, Equatable {
  private var hash: UInt64 = 0
  /// Samples that could not be read, counted over all lists: they may be mended without becoming others.
  private(set) var unreadable: Set<Int> = []

  /// Equal for equal contents.
  package var text: String { "\(String(hash, radix: 16)), unreadable: \(unreadable.sorted())" }

  /// Samples of unknown size, as pictures are.
  static let most = 2048
  /// Bytes of samples whose size is known.
  static let room = 256 << 20
  private static let mostSmall = 1 << 16

  /// - Parameter before: what they held then: what could not be read is passed over.
  /// - Throws: ``PluginError`` where the user stops it.
  package init(of lists: [SampleList], in dataset: any Dataset, like before: SampleContents? = nil) throws {
    var number = 0
    for list in lists {
      let positions = Self.positions(of: list.count, sample: dataset.specification.sample)
      for digest in try Self.digests(list, positions, dataset) {
        if let digest, before?.unreadable.contains(number) != true {
          hash = SplitMix64.mix(hash &+ digest &+ 0x9e37_79b9_7f4a_7c15)
        } else {
          unreadable.insert(number)
        }
        number += 1
      }
    }
  }

  /// Which samples of a list count.
  static func positions(of count: Int, sample: TensorSpecification) -> [Int] {
    var limit = most
    if !sample.shape.contains(-1) {
      let bytes = sample.shape.reduce(sample.dtype.size) { $0.multipliedReportingOverflow(by: max($1, 1)).partialValue }
      limit = bytes > 0 ? min(max(room / bytes, 1), mostSmall) : 1
    }
    guard count > limit else { return Array(0..<count) }
    return (0..<limit).map { $0 * count / limit }
  }

  /// nil for what cannot be read.
  /// - Throws: what is no fault of the data: the run would meet it, at once or after hours.
  private static func digests(_ list: SampleList, _ positions: [Int], _ dataset: any Dataset) throws -> [UInt64?] {
    let state = Mutex((digests: [UInt64?](repeating: nil, count: positions.count), failure: (any Error)?.none))
    let body: @Sendable (Int) -> Void = { index in
      guard !HostState.shared.isCancelled, state.withLock({ $0.failure == nil }) else { return }
      do {
        let digest = try digest(of: list.indices[positions[index]], in: list.split, of: dataset)
        state.withLock { $0.digests[index] = digest }
      } catch let error as PluginError where error.code == SENTRY_BAD_DATA {
      } catch { state.withLock { $0.failure = $0.failure ?? error } }
    }
    if let executor = HostState.shared.executor {
      executor.run(positions.count) { index, _ in body(index) }
    } else {
      for index in positions.indices { body(index) }
    }
    if HostState.shared.isCancelled { throw PluginError("cancelled", code: SENTRY_CANCELLED) }
    return try state.withLock { state in
      if let failure = state.failure { throw failure }
      return state.digests
    }
  }

  private static func digest(of index: Int, in split: Split, of dataset: any Dataset) throws -> UInt64? {
    let sample = try dataset.sample(at: index, in: split)
    guard sample.deviceType == SENTRY_DEVICE_CPU else { return nil }
    return withExtendedLifetime(sample) {
      var hash = SHA256()
      Array("\(sample.dtype.rawValue) \(sample.shape)".utf8).withUnsafeBytes { hash.update(bufferPointer: $0) }
      hash.update(bufferPointer: UnsafeRawBufferPointer(start: sample.data, count: sample.byteCount))
      return hash.finalize().prefix(8).reduce(0) { $0 << 8 | UInt64($1) }
    }
  }
}
