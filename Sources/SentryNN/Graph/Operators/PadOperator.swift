import Glibc

/// Zeros before and after the values along each axis.
public struct PadOperator: GraphOperator {
  /// One number an axis.
  public let before, after: [Int]

  public init(before: [Int], after: [Int]) { (self.before, self.after) = (before, after) }

  public func outputShape(of inputs: [[Int]]) throws -> [Int] {
    guard inputs.count == 1, !inputs[0].isEmpty, inputs[0].count == before.count, inputs[0].count == after.count,
      (before + after).allSatisfy({ (0...1 << 20).contains($0) })
    else { throw misfit(inputs) }
    return inputs[0].indices.map { before[$0] + inputs[0][$0] + after[$0] }
  }

  public func build(_ site: GraphSite) throws -> GraphStep {
    let (source, target, count) = (try site.source(0), try site.target, site.output.count)
    let (shape, output) = (site.inputs[0].shape, site.output.shape)
    let row = shape[shape.count - 1]
    let starts = (0..<site.inputs[0].count / row).map { start(of: $0, shape, output) }
    return GraphStep {
      memset(target, 0, count * MemoryLayout<Float>.stride)
      for (number, start) in starts.enumerated() { (target + start).update(from: source + number * row, count: row) }
    }
  }

  /// Where a row of the innermost axis goes.
  private func start(of row: Int, _ shape: [Int], _ output: [Int]) -> Int {
    var (rest, step, start) = (row, output[output.count - 1], before[shape.count - 1])
    for axis in shape.indices.dropLast().reversed() {
      start += (rest % shape[axis] + before[axis]) * step
      rest /= shape[axis]
      step *= output[axis]
    }
    return start
  }
}
