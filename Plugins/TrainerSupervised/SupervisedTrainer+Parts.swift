import SentryBase
import SentryPluginAPI

/// Gradient accumulation: a batch that would not fit into memory goes through the model in parts.
extension SupervisedTrainer: GradientAccumulating {
  func useMicroBatches(of samples: Int) throws {
    _ = try sharing?.parts(of: samples, ranks: host.world.size)
    partSize = samples
  }

  /// The batch, or parts of it of nearly the same size; each part draws its own drop-out. Ranks that train together make equally
  /// many.
  func parts(of batch: Batch, training: Bool = true) throws -> [Batch] {
    let rows = batch.inputs.shape.first ?? 0
    guard let partSize else { return [batch] }
    let shared = training ? try sharing?.parts(of: partSize, ranks: host.world.size) : nil
    let count = shared ?? (rows + partSize - 1) / partSize
    guard count > 1 else { return [batch] }
    return (0..<count).map { part in
      let range = rows * part / count..<rows * (part + 1) / count
      return Batch(
        epoch: batch.epoch, step: batch.step, seed: batch.seed &+ UInt64(part) &* SplitMix64.increment,
        inputs: batch.inputs.rows(range), targets: batch.targets.rows(range))
    }
  }
}

extension Tensor {
  /// Some rows of the first axis, over the same memory.
  fileprivate func rows(_ range: Range<Int>) -> Tensor {
    let row = byteCount / max(shape[0], 1)
    return Tensor([range.count] + shape.dropFirst(), dtype, over: data + range.lowerBound * row, owner: self)
  }

  /// Tensors of one shape but for the first axis, one below the other.
  static func stacked(_ tensors: [Tensor]) -> Tensor {
    guard tensors.count > 1, let first = tensors.first else { return tensors.first ?? Tensor([0]) }
    let result = Tensor([tensors.reduce(0) { $0 + $1.shape[0] }] + first.shape.dropFirst(), first.dtype)
    var offset = 0
    for tensor in tensors {
      (result.data + offset).copyMemory(from: tensor.data, byteCount: tensor.byteCount)
      offset += tensor.byteCount
    }
    return result
  }
}
