extension Dropout {
  /// ReLU, then drop-out, of [batch][width] in place.
  public func relu(
    _ values: UnsafeMutablePointer<Float>, batch: Int, width: Int, seed: UInt64?, _ context: ComputeContext
  ) throws {
    try context.split(batch * width, by: 16) { range, _ in
      for index in range { values[index] = values[index] < 0 ? 0 : values[index] }
      apply(values, to: values, range, batch: batch, width: width, seed: seed, context)
    }
  }

  /// Its backward pass, in place, from the outputs: what is zero there was cut or dropped.
  public func reluBackward(
    _ gradient: UnsafeMutablePointer<Float>, outputs: UnsafePointer<Float>, batch: Int, width: Int, seed: UInt64?,
    _ context: ComputeContext
  ) throws {
    try context.split(batch * width, by: 16) { range, _ in
      let start = gradient + range.lowerBound
      context.kernels.relu_backward(range.count, start, outputs + range.lowerBound, start)
      apply(gradient, to: gradient, range, batch: batch, width: width, seed: seed, context)
    }
  }
}
