/// Tensors one behind the other along an axis.
public struct ConcatenationOperator: GraphOperator {
  public let axis: Int

  public init(axis: Int) { self.axis = axis }

  public func outputShape(of inputs: [[Int]]) throws -> [Int] {
    guard var shape = inputs.first, shape.indices.contains(axis) else { throw misfit(inputs) }
    for other in inputs.dropFirst() {
      var fitting = other
      guard other.count == shape.count else { throw misfit(inputs) }
      fitting[axis] = shape[axis]
      guard fitting == shape else { throw misfit(inputs) }
      shape[axis] += other[axis]
    }
    return shape
  }

  public func build(_ site: GraphSite) throws -> GraphStep {
    let target = try site.target
    let repeats = site.output.shape[..<axis].reduce(1, *)
    let row = site.output.count / repeats
    var (offset, parts) = (0, [(source: UnsafeMutablePointer<Float>, count: Int, offset: Int)]())
    for (number, input) in site.inputs.enumerated() {
      parts.append((try site.source(number), input.count / repeats, offset))
      offset += input.count / repeats
    }
    return GraphStep { [parts] in
      for index in 0..<repeats {
        for part in parts {
          (target + index * row + part.offset).update(from: part.source + index * part.count, count: part.count)
        }
      }
    }
  }
}
