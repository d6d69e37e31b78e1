/// Moments of a map's channels over a batch, and the two sums that a batch norm's backward pass needs of them.
///
/// A channel's batch mean and variance are the same for every batch norm that reads it: they are computed once, when the
/// channel is produced, and the gradients of all its readers meet here. With G = Σ γ·d over the readers (d the gradient
/// behind the norm), the channel's own gradient is rstd·(G − Σ G/M − x̂·Σ G·x̂/M), applied once.
public final class ChannelStatistics {
  let epsilon: Double
  let channels: Int
  private let storage: FloatBuffer
  private var gradientSum: [Double]
  private var gradientProduct: [Double]
  /// Sums over the processes that train together, and how many values a channel has on all of them; nil where this one has all.
  private var whole: (sum: @Sendable (UnsafeMutableBufferPointer<Double>) throws -> Void, count: Int)?

  init(channels: Int, epsilon: Double = BatchNorm.Settings().epsilon) throws {
    (self.channels, self.epsilon) = (channels, epsilon)
    storage = try FloatBuffer(6 * channels)
    gradientSum = [Double](repeating: 0, count: channels)
    gradientProduct = gradientSum
  }

  private func section(_ index: Int) -> UnsafeMutablePointer<Float> { storage.pointer + index * channels }

  var mean: UnsafeMutablePointer<Float> { section(0) }
  /// Biased: the mean square deviation.
  var variance: UnsafeMutablePointer<Float> { section(1) }
  var rstd: UnsafeMutablePointer<Float> { section(2) }

  /// From Σx and Σx² over `count` values, for the channels that begin at `first`.
  ///
  /// Over all ranks where the sums are of some rows of a batch only.
  func setMoments(_ sums: ChannelSums, first: Int, channels: Int, count: Int) throws {
    whole = try sums.sumOverRanks(channels: channels, count: count)
    let count = whole?.count ?? count
    for channel in 0..<channels {
      let (sum, squares) = sums.total(channel)
      let average = sum / Double(count)
      let deviation = max(0, squares / Double(count) - average * average)
      mean[first + channel] = Float(average)
      variance[first + channel] = Float(deviation)
      rstd[first + channel] = Float(1 / (deviation + epsilon).squareRoot())
    }
  }

  /// The same, or where nothing normalises by the batch (nil) moments that leave values as they are.
  func set(_ sums: ChannelSums?, first: Int, channels: Int, count: Int) throws {
    if let sums { return try setMoments(sums, first: first, channels: channels, count: count) }
    whole = nil
    for channel in first..<first + channels { (mean[channel], variance[channel], rstd[channel]) = (0, 1, 1) }
  }

  /// How many values of a channel there are, of which this process has `count`.
  func wholeCount(_ count: Int) -> Int { whole?.count ?? count }

  func clearGradientSums() {
    for channel in 0..<channels { (gradientSum[channel], gradientProduct[channel]) = (0, 0) }
  }

  /// One reader's share: Σ G and Σ G·x̂ of a channel.
  func addGradientSums(_ channel: Int, sum: Double, product: Double) {
    gradientSum[channel] += sum
    gradientProduct[channel] += product
  }

  /// The completion of G to a channel's own gradient: a·G + b·(x − mean) + c.
  struct InputGradient {
    let mean, a, b, c: UnsafeMutablePointer<Float>
  }

  /// The coefficients for the channels that begin at `first`, once all their readers have been here.
  func inputGradient(first: Int, channels: Int, count: Int) throws -> InputGradient {
    let count = wholeCount(count)
    try sumGradientsOverRanks(first..<first + channels)
    let (a, b, c) = (section(3) + first, section(4) + first, section(5) + first)
    for channel in 0..<channels {
      let r = Double(rstd[first + channel])
      a[channel] = Float(r)
      b[channel] = Float(-r * r * gradientProduct[first + channel] / Double(count))
      c[channel] = Float(-r * gradientSum[first + channel] / Double(count))
    }
    return InputGradient(mean: mean + first, a: a, b: b, c: c)
  }

  private func sumGradientsOverRanks(_ channels: Range<Int>) throws {
    guard let whole else { return }
    var sums = Array(gradientSum[channels]) + gradientProduct[channels]
    try sums.withUnsafeMutableBufferPointer { try whole.sum($0) }
    gradientSum.replaceSubrange(channels, with: sums.prefix(channels.count))
    gradientProduct.replaceSubrange(channels, with: sums.suffix(channels.count))
  }
}
