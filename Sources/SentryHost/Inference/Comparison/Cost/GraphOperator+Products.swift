import SentryPluginAPI

/// The operators that multiply by weights: what a network costs.
extension GraphOperator {
  static let convolution = GraphOperator(
    shape: { step in
      let weight = try step.shape(1)
      guard weight.count > 2 else { throw step.failure("has weights of the shape \(weight)") }
      return try [step.shape(0).first ?? 1, weight[0]] + windows(step, kernel: Array(weight.dropFirst(2)))
    },
    multiplyAdds: { step, result in
      // Each result is a sum over the kernel and the channels of its group.
      try count(result) * count(Array(step.shape(1).dropFirst()))
    })

  static let gemm = GraphOperator(
    shape: { step in
      let (left, right) = (try matrix(step, 0, "transA"), try matrix(step, 1, "transB"))
      guard left[1] == right[0] else { throw step.failure("multiplies \(left) and \(right)") }
      return [left[0], right[1]]
    }, multiplyAdds: { step, result in try count(result) * Double(matrix(step, 0, "transA")[1]) })

  static let matrixProduct = GraphOperator(
    shape: { step in
      let (left, right) = (try step.shape(0), try step.shape(1))
      guard left.count >= 2, right.count >= 2, left[left.count - 1] == right[right.count - 2] else {
        throw step.failure("multiplies \(left) and \(right)")
      }
      let batch = left.count >= right.count ? left.dropLast(2) : right.dropLast(2)
      return Array(batch) + [left[left.count - 2], right[right.count - 1]]
    }, multiplyAdds: { step, result in try count(result) * Double(step.shape(0).last ?? 0) })

  /// ONNX's recurrent layers, whose weights tell how many gates they have. The result is [steps, directions, N, hidden].
  static let recurrence = GraphOperator(
    shape: { step in
      let (x, recurrent) = (try step.shape(0), try step.shape(2))
      guard x.count == 3, recurrent.count == 3 else { throw step.failure("has weights of the shape \(recurrent)") }
      return [x[0], recurrent[0], x[1], recurrent[2]]
    },
    multiplyAdds: { step, result in
      try Double(result[0]) * Double(result[2]) * (count(step.shape(1)) + count(step.shape(2)))
    })

  static let pool = GraphOperator { step in
    let x = try step.shape(0)
    guard let kernel = try step.ints("kernel_shape"), x.count == kernel.count + 2 else {
      throw step.failure("does not fit \(x)")
    }
    return try Array(x.prefix(2)) + windows(step, kernel: kernel)
  }

  /// How many places a window has along each spatial axis.
  private static func windows(_ step: GraphStep, kernel: [Int]) throws -> [Int] {
    let x = try step.shape(0)
    guard x.count == kernel.count + 2 else { throw step.failure("does not fit \(x)") }
    let ones = [Int](repeating: 1, count: kernel.count)
    let (strides, dilations) = (try step.ints("strides") ?? ones, try step.ints("dilations") ?? ones)
    let pads = try step.ints("pads") ?? [Int](repeating: 0, count: 2 * kernel.count)
    guard strides.count == kernel.count, dilations.count == kernel.count, pads.count == 2 * kernel.count,
      strides.allSatisfy({ $0 > 0 })
    else { throw step.failure("has attributes of other numbers of axes") }
    let roundsUp = try step.int("ceil_mode", 0) == 1
    return try kernel.indices.map { axis in
      let (span, overflows) = (kernel[axis] - 1).multipliedReportingOverflow(by: dilations[axis])
      let room = x[axis + 2] + pads[axis] + pads[kernel.count + axis] - span - 1
      guard !overflows, room >= 0 else { throw step.failure("does not fit \(x)") }
      return (room + (roundsUp ? strides[axis] - 1 : 0)) / strides[axis] + 1
    }
  }

  private static func matrix(_ step: GraphStep, _ index: Int, _ transposed: String) throws -> [Int] {
    let shape = try step.shape(index)
    guard shape.count == 2 else { throw step.failure("multiplies \(shape), which is no matrix") }
    return try step.int(transposed, 0) == 1 ? shape.reversed() : shape
  }

  private static func count(_ shape: [Int]) -> Double { shape.reduce(1) { $0 * Double($1) } }
}
