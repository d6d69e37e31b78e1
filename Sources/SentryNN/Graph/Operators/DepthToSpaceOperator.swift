/// Channels become pixels: every pixel's channels are cut into block × block parts, which lie beside and below each other.
public struct DepthToSpaceOperator: GraphOperator {
  public let block: Int

  public init(block: Int) { self.block = block }

  public func outputShape(of inputs: [[Int]]) throws -> [Int] {
    guard inputs.count == 1, inputs[0].count == 4, block > 0, inputs[0][3] % (block * block) == 0 else {
      throw misfit(inputs)
    }
    let picture = inputs[0]
    return [picture[0], picture[1] * block, picture[2] * block, picture[3] / (block * block)]
  }

  public func build(_ site: GraphSite) throws -> GraphStep {
    let (source, target, block) = (try site.source(0), try site.target, block)
    let shape = site.inputs[0].shape
    let (rows, columns) = (shape[0] * shape[1], shape[2])
    // What of a pixel stays side by side.
    let run = shape[3] / block
    return GraphStep {
      for row in 0..<rows {
        for column in 0..<columns {
          for part in 0..<block {
            (target + ((row * block + part) * columns + column) * run)
              .update(from: source + ((row * columns + column) * block + part) * run, count: run)
          }
        }
      }
    }
  }
}
