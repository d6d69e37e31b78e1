extension Dropout {
  /// ReLU, then drop-out, in place.
  public func relu(_ values: UnsafeMutablePointer<Float>, count: Int, seed: UInt64?, _ context: ComputeContext)
    throws
  {
    try context.split(count, by: 16) { range, _ in
      for index in range { values[index] = values[index] < 0 ? 0 : values[index] }
      apply(values, to: values, range, seed: seed, context.kernels)
    }
  }

  /// Its backward pass, in place, from the outputs: what is zero there was cut or dropped.
  public func reluBackward(
    _ gradient: UnsafeMutablePointer<Float>, outputs: UnsafePointer<Float>, count: Int, seed: UInt64?,
    _ context: ComputeContext
  ) throws {
    try context.split(count, by: 16) { range, _ in
      let start = gradient + range.lowerBound
      context.kernels.relu_backward(range.count, start, outputs + range.lowerBound, start)
      apply(gradient, to: gradient, range, seed: seed, context.kernels)
    }
  }
}
