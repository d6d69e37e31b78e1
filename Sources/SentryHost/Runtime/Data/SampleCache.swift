import CSentryPlugin
import SentryPluginAPI
import Synchronization

/// Samples as the dataset gave them, kept in memory so that each is read and decoded once.
///
/// An epoch wants every sample once, in an order of its own: what is kept longest is as likely to be wanted as any other, so
/// nothing is ever put out, and where not all fit, the share that does is the share of hits. A decoded sample saves more
/// time for its bytes than a compressed one, whose file the system keeps in memory anyway.
package final class SampleCache: Sendable {
  package struct Statistics: Sendable, Equatable {
    /// Lookups since the last call of ``takeStatistics()``.
    package var hits = 0
    package var misses = 0
    package var samples = 0
    /// What the cache holds, and may hold.
    package var bytes = 0
    package var capacity = 0
  }

  private struct Entry: @unchecked Sendable {
    let data: UnsafeMutableRawPointer
    let shape: [Int]
    let dtype: DType
  }
  private struct State: @unchecked Sendable {
    // Unchecked: the memory behind the pointers is written once, before its entry is there.
    var capacity: Int
    var entries: [Int: Entry] = [:]
    var slabs: [UnsafeMutableRawPointer] = []
    /// Of the last slab.
    var free = 0
    var bytes = 0
    var hits = 0
    var misses = 0
    /// Most samples share one shape, and then one array.
    var shape: [Int] = []
  }
  /// Samples lie together, so that small ones cost little more than their bytes.
  private static let slabBytes = 1 << 20
  /// What an entry of the table takes beside the sample.
  private static let entryBytes = 64
  private let state: Mutex<State>

  /// - Parameter capacity: bytes, 0 keeps nothing.
  package init(capacity: Int) { state = Mutex(State(capacity: capacity)) }

  deinit { state.withLock { state in for slab in state.slabs { slab.deallocate() } } }

  /// Keeps no more than so many bytes from now on; what is there already stays.
  package func limit(to bytes: Int) { state.withLock { $0.capacity = min($0.capacity, bytes) } }

  /// The sample from memory, or from the dataset. Throws what the dataset throws; failures are not kept. [any]
  package func sample(at index: Int, in split: Split, of dataset: any Dataset) throws -> Tensor {
    let key = index << 2 | Int(split.rawValue)
    let known = state.withLock { state -> Entry? in
      let entry = state.entries[key]
      if entry == nil { state.misses += 1 } else { state.hits += 1 }
      return entry
    }
    if let known { return Tensor(known.shape, known.dtype, over: known.data, owner: self) }
    let sample = try dataset.sample(at: index, in: split)
    if sample.deviceType == SENTRY_DEVICE_CPU { state.withLock { Self.keep(sample, key, &$0) } }
    return sample
  }

  package func takeStatistics() -> Statistics {
    state.withLock { state in
      defer { (state.hits, state.misses) = (0, 0) }
      return Statistics(
        hits: state.hits, misses: state.misses, samples: state.entries.count, bytes: state.bytes,
        capacity: state.capacity)
    }
  }

  private static func keep(_ sample: Tensor, _ key: Int, _ state: inout State) {
    // Rows that start where any element type may.
    let size = (sample.byteCount + 15) & ~15
    guard state.entries[key] == nil else { return }
    let slab = size <= state.free ? 0 : max(size, slabBytes)
    guard state.bytes + slab + entryBytes <= state.capacity else { return }
    if slab > 0 {
      state.slabs.append(.allocate(byteCount: slab, alignment: 64))
      (state.free, state.bytes) = (slab, state.bytes + slab)
    }
    guard let last = state.slabs.last else { return }
    // A slab is filled from its end: what is free lies at its start.
    state.free -= size
    let data = last + state.free
    data.copyMemory(from: sample.data, byteCount: sample.byteCount)
    if state.shape != sample.shape { state.shape = sample.shape }
    state.entries[key] = Entry(data: data, shape: state.shape, dtype: sample.dtype)
    state.bytes += entryBytes
  }
}
