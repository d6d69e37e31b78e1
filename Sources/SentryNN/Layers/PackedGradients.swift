import COneDNN
import CSentryKernels

/// Each thread's sum of a convolution's weight gradients, in oneDNN's layout: its primitive cannot add to what is there.
final class PackedGradients {
  private let layout: MemoryDescriptor
  private let count: Int
  private let kernels: sentry_kernels
  private let sums: [FloatBuffer]
  /// Whether a thread's sum holds anything; behind a pointer, as all threads set theirs at once.
  private let used: UnsafeMutablePointer<Bool>
  private let reorder: Reorder
  private let plainCount: Int

  init(_ primitive: ConvolutionPrimitive, _ shape: ConvolutionShape, _ context: ComputeContext) throws {
    layout = primitive.weights
    count = byteCount(layout) / 4
    kernels = context.kernels
    let count = count
    sums = try (0..<context.threadCount).map { _ in try FloatBuffer(count) }
    used = .allocate(capacity: context.threadCount)
    used.initialize(repeating: false, count: context.threadCount)
    plainCount = shape.weights.reduce(1, *)
    reorder = try Reorder(from: layout, to: try describe(shape.weights, dnnl_oihw), engine: context.engine)
  }

  deinit { used.deallocate() }

  func fits(_ primitive: ConvolutionPrimitive) -> Bool { isSame(layout, primitive.weights) }

  func add(
    _ primitive: ConvolutionPrimitive, _ source: Elements, _ gradient: Elements,
    _ operation: OperationClass, _ workspace: Workspace
  ) throws {
    let sum = sums[workspace.thread].pointer
    guard used[workspace.thread] else {
      try workspace.timed(operation) {
        try primitive.run(workspace, source: source.data, weights: sum, destination: gradient.data)
      }
      used[workspace.thread] = true
      return
    }
    let part = try workspace.scratch(.weightGradient, count)
    try workspace.timed(operation) {
      try primitive.run(workspace, source: source.data, weights: part, destination: gradient.data)
    }
    workspace.timed(.weightGradientSum) { kernels.add(count, part, sum) }
  }

  func gather(into gradient: UnsafeMutablePointer<Float>, _ workspace: Workspace) throws {
    let parts = sums.indices.filter { used[$0] }
    guard let first = parts.first else { return }
    for part in parts.dropFirst() { kernels.add(count, sums[part].pointer, sums[first].pointer) }
    let plain = try workspace.scratch(.output, plainCount)
    try reorder.run(workspace, from: sums[first].pointer, to: plain)
    kernels.add(plainCount, plain, gradient)
    for part in parts { used[part] = false }
  }
}
