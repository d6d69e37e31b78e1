import CSentryPlugin
import SentryPluginAPI

/// Room for one batch, used again and again.
final class BatchSlot: @unchecked Sendable {
  // Unchecked: each row is written by the one thread that took it; the rest is read and written under the loader's monitor.
  enum Row {
    case waiting
    case filled
    case leftOut
    case failed(any Error)
  }

  private let inputs: Tensor
  private let targets: Tensor
  /// [batchSize, classes of all tasks]; nil where the dataset has no distributions.
  private let softTargets: Tensor?
  private let shape: [Int]
  private let rowBytes: Int
  private let taskCount: Int
  var batch = -1
  var rows: [Row] = []
  var skipped: [[SkippedSample]] = []
  var pending = 0
  /// What ``finished()`` made of the batch.
  private var closed: LoadedBatch?

  /// Memory for the inputs of a batch; nil where there is none of that kind.
  typealias Allocator = (_ shape: [Int], _ dtype: DType) -> Tensor?

  /// Throws ``PluginError`` where a batch of this size does not fit any memory.
  /// - Parameters:
  ///   - softClasses: the classes of all tasks of a dataset with distributions, else 0.
  ///   - memory: where the inputs are put together.
  init(
    input: TensorSpecification, batchSize: Int, taskCount: Int, softClasses: Int = 0, memory: Allocator? = nil
  ) throws {
    guard let bytes = PhysicalMemory.bytes(of: [batchSize] + input.shape, each: input.dtype.size) else {
      throw PluginError.invalid(
        "a batch of \(batchSize) samples of \(input) is too large for this machine's memory",
        hint: "give a smaller --batch-size")
    }
    (shape, rowBytes, self.taskCount) = (input.shape, batchSize == 0 ? 0 : bytes / batchSize, taskCount)
    let extents = [batchSize] + input.shape
    inputs = memory?(extents, input.dtype) ?? Tensor(extents, input.dtype)
    targets = Tensor([batchSize, taskCount], .int64)
    softTargets = softClasses > 0 ? Tensor([batchSize, softClasses]) : nil
  }

  func start(batch: Int, rowCount: Int) {
    self.batch = batch
    pending = rowCount
    closed = nil
    rows = [Row](repeating: .waiting, count: rowCount)
    skipped = [[SkippedSample]](repeating: [], count: rowCount)
  }

  /// Copies a sample to its row. Called by the one thread that has the row.
  /// - Parameter soft: the distributions of the labels, of all tasks; NaN where a task has none.
  func put(_ sample: Tensor, _ labels: ArraySlice<Int64>, soft: [Float], row: Int) {
    (inputs.data + row * rowBytes).copyMemory(from: sample.data, byteCount: rowBytes)
    let first = targets.data.assumingMemoryBound(to: Int64.self) + row * taskCount
    for (task, label) in labels.enumerated() { first[task] = label }
    guard let softTargets else { return }
    let place = softTargets.data.assumingMemoryBound(to: Float.self) + row * softTargets.shape[1]
    for index in 0..<softTargets.shape[1] { place[index] = index < soft.count ? soft[index] : .nan }
  }

  /// The finished batch, with the rows that were left out closed up. Throws the error of the first row that has one.
  func finished() throws -> LoadedBatch {
    if let closed { return closed }
    let batch = try close()
    closed = batch
    return batch
  }

  private func close() throws -> LoadedBatch {
    var count = 0
    for (row, state) in rows.enumerated() {
      switch state {
      case .filled:
        if count < row { moveRow(row, to: count) }
        count += 1
      case .leftOut: continue
      case .failed(let error): throw error
      case .waiting: throw PluginError("row \(row) of batch \(batch) was never read")
      }
    }
    let all = count == inputs.shape[0]
    return LoadedBatch(
      index: batch, count: count,
      inputs: all ? inputs : Tensor([count] + shape, inputs.dtype, over: inputs.data, owner: inputs),
      targets: all ? targets : Tensor([count, taskCount], .int64, over: targets.data, owner: targets),
      softTargets: try softTargets.flatMap { try distributions(in: $0, count) }, skipped: skipped.flatMap { $0 })
  }

  /// nil where no row has one.
  private func distributions(in all: Tensor, _ count: Int) throws -> Tensor? {
    let own = Tensor([count, all.shape[1]], over: all.data, owner: all)
    return try own.elements(as: Float.self).allSatisfy(\.isNaN) ? nil : own
  }

  private func moveRow(_ row: Int, to target: Int) {
    let size = taskCount * DType.int64.size
    (inputs.data + target * rowBytes).copyMemory(from: inputs.data + row * rowBytes, byteCount: rowBytes)
    (targets.data + target * size).copyMemory(from: targets.data + row * size, byteCount: size)
    guard let softTargets else { return }
    let length = softTargets.byteCount / max(softTargets.shape[0], 1)
    (softTargets.data + target * length).copyMemory(from: softTargets.data + row * length, byteCount: length)
  }
}

/// A batch, valid until the loader is asked for the next one.
package struct LoadedBatch: Sendable {
  package let index: Int
  package let count: Int
  /// [count, …]
  package let inputs: Tensor
  /// int64 [count, tasks]
  package let targets: Tensor
  /// float32 [count, classes of all tasks], NaN where the class index counts; nil where no sample has a distribution.
  package var softTargets: Tensor?
  package let skipped: [SkippedSample]
}
