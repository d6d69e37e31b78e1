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
  private let shape: [Int]
  private let rowBytes: Int
  private let taskCount: Int
  var batch = -1
  var rows: [Row] = []
  var skipped: [[SkippedSample]] = []
  var pending = 0

  /// Throws ``PluginError`` where a batch of this size does not fit any memory.
  init(input: TensorSpecification, batchSize: Int, taskCount: Int) throws {
    var bytes = batchSize
    for extent in input.shape + [input.dtype.size] {
      let (product, overflow) = bytes.multipliedReportingOverflow(by: extent)
      guard extent >= 0, !overflow, product < 1 << 40 else {
        throw PluginError.invalid(
          "a batch of \(batchSize) samples of \(input) is too large for any memory", hint: "give a smaller --batch-size"
        )
      }
      bytes = product
    }
    (shape, rowBytes, self.taskCount) = (input.shape, batchSize == 0 ? 0 : bytes / batchSize, taskCount)
    inputs = Tensor([batchSize] + input.shape, input.dtype)
    targets = Tensor([batchSize, taskCount], .int64)
  }

  func start(batch: Int, rowCount: Int) {
    self.batch = batch
    pending = rowCount
    rows = [Row](repeating: .waiting, count: rowCount)
    skipped = [[SkippedSample]](repeating: [], count: rowCount)
  }

  /// Copies a sample to its row. Called by the one thread that has the row.
  func put(_ sample: Tensor, _ labels: ArraySlice<Int64>, row: Int) {
    (inputs.data + row * rowBytes).copyMemory(from: sample.data, byteCount: rowBytes)
    let first = targets.data.assumingMemoryBound(to: Int64.self) + row * taskCount
    for (task, label) in labels.enumerated() { first[task] = label }
  }

  /// The finished batch, with the rows that were left out closed up. Throws the error of the first row that has one.
  func finished() throws -> LoadedBatch {
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
      skipped: skipped.flatMap { $0 })
  }

  private func moveRow(_ row: Int, to target: Int) {
    let size = taskCount * DType.int64.size
    (inputs.data + target * rowBytes).copyMemory(from: inputs.data + row * rowBytes, byteCount: rowBytes)
    (targets.data + target * size).copyMemory(from: targets.data + row * size, byteCount: size)
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
  package let skipped: [SkippedSample]
}
