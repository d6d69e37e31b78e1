import SentryPluginAPI
import Synchronization

/// The toy that takes its input early: it copies what is staged at once, and computes on the copy.
final class StagingToyModel: RemoteToyModel, InputStagingModel, @unchecked Sendable {
  // Unchecked: memory is lent under the mutex; all else is the superclass's.
  private var hints: [UnsafeMutableRawPointer: Tensor] = [:]
  private let lent = Mutex<Set<UnsafeMutableRawPointer.ID>>([])
  private(set) var staged = 0
  /// Passes that took a hint, and those that had none.
  private(set) var taken = (hinted: 0, plain: 0)
  /// Batches that were there before the pass of the one before them.
  private(set) var early = 0
  let lentEver = Atomic(0)
  var lentNow: Int { lent.withLock { $0.count } }

  func allocateInput(byteCount: Int) -> UnsafeMutableRawPointer? {
    let memory = UnsafeMutableRawPointer.allocate(byteCount: byteCount, alignment: 64)
    lent.withLock { _ = $0.insert(memory.id) }
    lentEver.add(1, ordering: .relaxed)
    return memory
  }

  func releaseInput(_ memory: UnsafeMutableRawPointer) {
    lent.withLock { _ = $0.remove(memory.id) }
    memory.deallocate()
  }

  func stage(_ input: Tensor?) {
    guard let input else {
      hints = [:]
      return
    }
    let copy = Tensor(input.shape, input.dtype)
    try? copy.copy(from: input)
    hints[input.data] = copy
    staged += 1
    if hints.count > 1 { early += 1 }
  }

  override func forward(_ input: Tensor, training: Bool, seed: UInt64) throws -> [Tensor] {
    guard let copy = hints[input.data], copy.shape == input.shape else {
      taken.plain += 1
      return try super.forward(input, training: training, seed: seed)
    }
    hints[input.data] = nil
    taken.hinted += 1
    return try super.forward(copy, training: training, seed: seed)
  }
}

extension UnsafeMutableRawPointer {
  /// The address, which threads may share.
  typealias ID = UInt
  var id: UInt { UInt(bitPattern: self) }
}
