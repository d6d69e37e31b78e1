/// Batch norm (Ioffe and Szegedy 2015): as a scale and a shift per channel, which its reader applies in passing.
public final class BatchNorm {
  /// What frameworks begin with; some networks were published with others.
  public struct Settings: Sendable {
    public var epsilon: Double
    public var momentum: Double

    public init(epsilon: Double = 1e-5, momentum: Double = 0.1) { (self.epsilon, self.momentum) = (epsilon, momentum) }
  }

  private let momentum: Double
  let channels: Int
  let name: String
  public let weight: Parameter
  public let bias: Parameter
  private let runningMean: UnsafeMutablePointer<Float>
  private let runningVariance: UnsafeMutablePointer<Float>
  private let batchesTracked: UnsafeMutablePointer<Int64>
  private let coefficients: FloatBuffer
  private var usesRunningStatistics = false

  init(_ name: String, channels: Int, momentum: Double = Settings().momentum, in arena: ParameterArena) throws {
    (self.name, self.channels, self.momentum) = (name, channels, momentum)
    weight = arena.parameter("\(name).weight", [channels])
    bias = arena.parameter("\(name).bias", [channels])
    runningMean = try arena.buffer("\(name).running_mean", count: channels, value: 0)
    runningVariance = try arena.buffer("\(name).running_var", count: channels, value: 1)
    batchesTracked = arena.counter("\(name).num_batches_tracked")
    coefficients = try FloatBuffer(3 * channels)
  }

  var scale: UnsafeMutablePointer<Float> { coefficients.pointer }
  var shift: UnsafeMutablePointer<Float> { coefficients.pointer + channels }
  /// What a gradient behind the norm is multiplied with to join G of ``ChannelStatistics``: γ; with running statistics
  /// scale/rstd, as the statistics' rstd is applied to all of G later.
  var gradientFactor: UnsafeMutablePointer<Float> { coefficients.pointer + 2 * channels }

  var isTrainable: Bool { weight.trainable || bias.trainable }

  /// Whether it normalises by the statistics of the batch.
  func usesBatch(_ pass: Pass) -> Bool {
    pass.training && (isTrainable || pass.frozenNorm == .batchStatistics)
  }

  func initialise() {
    weight.fill(1)
    bias.fill(0)
  }

  /// Sets scale and shift for a pass; in training the running statistics follow the batch of `count` values a channel.
  /// - Throws: ``NNError`` `.invalidInput` in training where a channel has a single value: its variance means nothing.
  func prepare(_ statistics: ChannelStatistics, count: Int, _ pass: Pass) throws {
    let count = statistics.wholeCount(count)
    usesRunningStatistics = !usesBatch(pass)
    if !usesRunningStatistics {
      guard count > 1 else {
        throw NNError(
          .invalidInput, "\(name) sees one value a channel, of which there is no variance",
          hint: "train with a batch of at least two images, or larger images")
      }
      follow(statistics, count: count)
    }
    let (gamma, beta) = (weight.value, bias.value)
    for channel in 0..<channels {
      let rstd: Float
      let mean: Float
      if usesRunningStatistics {
        rstd = Float(1 / (Double(runningVariance[channel]) + statistics.epsilon).squareRoot())
        mean = runningMean[channel]
      } else {
        (rstd, mean) = (statistics.rstd[channel], statistics.mean[channel])
      }
      scale[channel] = gamma[channel] * rstd
      shift[channel] = beta[channel] - mean * scale[channel]
      gradientFactor[channel] =
        usesRunningStatistics && pass.training ? scale[channel] / statistics.rstd[channel] : gamma[channel]
    }
  }

  private func follow(_ statistics: ChannelStatistics, count: Int) {
    let unbiased = Double(count) / Double(count - 1)
    for channel in 0..<channels {
      let (mean, variance) = (Double(statistics.mean[channel]), Double(statistics.variance[channel]) * unbiased)
      runningMean[channel] = Float((1 - momentum) * Double(runningMean[channel]) + momentum * mean)
      runningVariance[channel] = Float(
        (1 - momentum) * Double(runningVariance[channel]) + momentum * variance)
    }
    batchesTracked.pointee += 1
  }

  /// From Σd and Σd·(x − mean), gathered by the reader: adds dβ and dγ to the gradients of what trains, and the norm's share of
  /// the channels' own gradient sums (none where the statistics do not depend on the batch).
  func reduceGradient(_ sums: ChannelSums, _ statistics: ChannelStatistics) {
    guard !usesRunningStatistics else { return }
    for channel in 0..<channels {
      let (sum, product) = sums.total(channel)
      let scaled = Double(statistics.rstd[channel]) * product
      if bias.trainable { bias.gradient[channel] += Float(sum) }
      if weight.trainable { weight.gradient[channel] += Float(scaled) }
      let gamma = Double(weight.value[channel])
      statistics.addGradientSums(channel, sum: gamma * sum, product: gamma * scaled)
    }
  }
}
