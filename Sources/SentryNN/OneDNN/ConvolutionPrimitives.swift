import COneDNN

/// Forward, input gradient and weight gradient of one convolution shape, each built when first asked for.
final class ConvolutionPrimitives {
  let shape: ConvolutionShape
  private let engine: Engine
  private let threadCount: Int
  let forward: ConvolutionPrimitive
  private var built: [ConvolutionPrimitive.Direction: ConvolutionPrimitive] = [:]

  init(_ shape: ConvolutionShape, engine: Engine, threadCount: Int) throws {
    (self.shape, self.engine, self.threadCount) = (shape, engine, threadCount)
    forward = try ConvolutionPrimitive(.forward, shape, hint: nil, engine: engine, threadCount: threadCount)
    built[.forward] = forward
  }

  func primitive(_ direction: ConvolutionPrimitive.Direction) throws -> ConvolutionPrimitive {
    if let known = built[direction] { return known }
    let new = try ConvolutionPrimitive(direction, shape, hint: forward, engine: engine, threadCount: threadCount)
    built[direction] = new
    return new
  }

  var implementations: [String] { built.values.map(\.implementation) }
}
