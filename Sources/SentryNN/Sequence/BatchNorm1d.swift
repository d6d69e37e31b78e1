import CSentryKernels

/// Batch norm of sequences: a channel's moments are over all steps of all sequences of the batch.
///
/// Its work comes in rows, called from parallel work, between calls that begin and settle what the threads gather.
public final class BatchNorm1d {
  let norm: BatchNorm
  private let statistics: ChannelStatistics
  private let channels: Int
  private let context: ComputeContext
  private var completion: ChannelStatistics.InputGradient?

  /// - Parameter channels: a multiple of 32, at most the context's maximum.
  public init(_ name: String, channels: Int, context: ComputeContext, in arena: ParameterArena) throws {
    precondition(channels % 32 == 0 && channels <= context.sums.channels, "a batch norm of \(channels) channels")
    (self.channels, self.context) = (channels, context)
    norm = try BatchNorm(name, channels: channels, in: arena)
    statistics = try ChannelStatistics(channels: channels)
  }

  public func initialise() { norm.initialise() }

  private func view(_ map: SequenceMap, _ rows: Range<Int>) -> sentry_view {
    SentryNN.rows(map.row(rows.lowerBound), channels)
  }

  // MARK: forward

  /// Before the rows are gathered.
  func begin() { context.sums.clear() }

  func gather(_ x: SequenceMap, rows: Range<Int>, _ workspace: Workspace) {
    let sums = context.sums
    context.kernels.statistics(
      rows.count, channels, view(x, rows), sums.first(workspace.thread), sums.second(workspace.thread))
  }

  /// After all rows were gathered (in training), before any is normalised.
  func settle(count: Int, _ pass: Pass) throws {
    if pass.training { try statistics.setMoments(context.sums, first: 0, channels: channels, count: count) }
    try norm.prepare(statistics, count: count, pass)
  }

  /// out = ReLU(normalised x)
  func relu(_ x: SequenceMap, into out: SequenceMap, rows: Range<Int>) {
    context.kernels.norm_relu(rows.count, channels, view(x, rows), norm.scale, norm.shift, view(out, rows))
  }

  /// out = ReLU(normalised x + residual)
  func addReLU(_ x: SequenceMap, _ residual: SequenceMap, into out: SequenceMap, rows: Range<Int>) {
    context.kernels.norm_add_relu(
      rows.count, channels, view(x, rows), norm.scale, norm.shift, view(residual, rows), view(out, rows))
  }

  // MARK: backward

  func beginBackward() {
    context.sums.clear()
    statistics.clearGradientSums()
  }

  /// From the gradient of the ReLU's output to that before the norm, still without what follows from the statistics.
  /// - Parameter g: may be `gradient`.
  func gatherGradient(
    _ gradient: SequenceMap, output: SequenceMap, input x: SequenceMap, into g: SequenceMap, rows: Range<Int>,
    _ workspace: Workspace
  ) {
    let sums = context.sums
    context.kernels.relu_norm_gradient(
      rows.count, channels, view(gradient, rows), view(output, rows), view(x, rows), statistics.mean,
      norm.gradientFactor, 1, view(g, rows), sums.first(workspace.thread), sums.second(workspace.thread))
  }

  /// After all rows were gathered: adds the gradients of weight and bias.
  func settleGradient(count: Int) throws {
    norm.reduceGradient(context.sums, statistics)
    completion = try statistics.inputGradient(first: 0, channels: channels, count: count)
  }

  /// Completes `g` to the gradient of the norm's input, in place.
  func completeGradient(_ g: SequenceMap, input x: SequenceMap, rows: Range<Int>) {
    guard let completion else { return }
    context.kernels.norm_input_gradient(
      rows.count, channels, view(g, rows), view(x, rows), completion.mean, completion.a, completion.b, completion.c, 0,
      view(g, rows))
  }
}
