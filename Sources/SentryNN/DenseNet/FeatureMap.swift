import CSentryKernels

/// The one buffer of a dense block: NHWC with room for all channels that the block will have.
///
/// What comes before the block fills the first channels, each dense layer appends its own; nothing is ever concatenated.
public final class FeatureMap {
  public let channels: Int
  let height: Int
  let width: Int
  let statistics: ChannelStatistics
  /// Whether a norm that reads the map normalises by the batch; set by its readers while a pass is prepared.
  var needsStatistics = true
  private let features: ActivationBuffer
  /// G of ``ChannelStatistics`` for every value; lent, as only two blocks' gradients are alive at a time.
  private let gradients: FloatBuffer

  public init(
    channels: Int, height: Int, width: Int, gradients: FloatBuffer, precision: Precision = .f32
  ) throws {
    (self.channels, self.height, self.width, self.gradients) = (channels, height, width, gradients)
    features = ActivationBuffer(precision)
    statistics = try ChannelStatistics(channels: channels)
  }

  var pixelsPerImage: Int { height * width }

  func reserve(_ batch: Int) throws { try features.reserve(batch * pixelsPerImage * channels) }

  func reserveGradients(_ batch: Int) throws { try gradients.reserve(batch * pixelsPerImage * channels) }

  func estimate(_ batch: Int, gradients wanted: Bool, _ memory: inout MemoryEstimate) {
    if wanted { memory.share(gradients, bytes: 4 * batch * pixelsPerImage * channels) }
    memory.share(features, bytes: memory.precision.size * batch * pixelsPerImage * channels)
  }

  func values(pixel: Int, channel: Int = 0) -> Elements { features.start + (pixel * channels + channel) }

  func gradients(pixel: Int, channel: Int = 0) -> UnsafeMutablePointer<Float> {
    gradients.pointer + pixel * channels + channel
  }

  /// The values from `pixel` on, from `channel` on.
  func view(pixel: Int, channel: Int = 0) -> sentry_view { rows(values(pixel: pixel, channel: channel), channels) }

  func gradientView(pixel: Int, channel: Int = 0) -> sentry_view {
    rows(gradients(pixel: pixel, channel: channel), channels)
  }

  func clearGradients(_ batch: Int) { gradients.clear(batch * pixelsPerImage * channels) }
}
