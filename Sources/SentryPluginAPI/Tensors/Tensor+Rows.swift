extension Tensor {
  /// Some rows of the first axis, over the same memory.
  package func rows(_ range: Range<Int>) -> Tensor {
    let row = byteCount / max(shape[0], 1)
    return Tensor([range.count] + shape.dropFirst(), dtype, over: data + range.lowerBound * row, owner: self)
  }

  /// Tensors on the CPU, of one shape but for the first axis, one below the other.
  package static func stacked(_ tensors: [Tensor]) -> Tensor {
    guard tensors.count > 1, let first = tensors.first else { return tensors.first ?? Tensor([0]) }
    let result = Tensor([tensors.reduce(0) { $0 + $1.shape[0] }] + first.shape.dropFirst(), first.dtype)
    var offset = 0
    for tensor in tensors {
      withExtendedLifetime(tensor) {
        (result.data + offset).copyMemory(from: tensor.data, byteCount: tensor.byteCount)
      }
      offset += tensor.byteCount
    }
    return result
  }
}
