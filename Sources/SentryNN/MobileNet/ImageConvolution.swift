/// A convolution without bias from one map to another.
protocol ImageConvolution: AnyObject {
  var weight: Parameter { get }
  var output: ImageMap { get }

  /// Primitives and packed weights for a pass.
  func prepare(_ pass: Pass) throws

  /// - Parameter done: told from parallel work which pixels of the output are there, while they are in cache.
  func forward(batch: Int, done: (_ pixels: Range<Int>, _ workspace: Workspace) throws -> Void) throws

  /// Adds the gradient of the weights, if they train; sets that of the input where one is asked for.
  /// - Parameter gradient: of the output.
  func backward(_ gradient: UnsafeMutablePointer<Float>, into dx: UnsafeMutablePointer<Float>?, batch: Int) throws

  /// The values of the weights were changed: packed copies are stale.
  func parametersChanged()

  /// Adds the memory that it takes beside its maps.
  func estimate(_ memory: inout MemoryEstimate)
}

extension ComputeContext {
  /// Adds a gradient of `count` floats that comes in `units` pieces of work: each thread adds up its own, and the threads' sums are added
  /// in their order.
  func addGradient(
    _ count: Int, to gradient: UnsafeMutablePointer<Float>, units: Int,
    _ body: (_ units: Range<Int>, _ sum: UnsafeMutablePointer<Float>, _ workspace: Workspace) throws -> Void
  ) throws {
    let parts = min(threadCount, units)
    try run(parts) { part, workspace in
      let sum = try workspaces[part].scratch(.weightGradient, count)
      sum.update(repeating: 0, count: count)
      try body(units * part / parts..<units * (part + 1) / parts, sum, workspace)
    }
    for part in 0..<parts { kernels.add(count, try workspaces[part].scratch(.weightGradient, count), gradient) }
  }
}
