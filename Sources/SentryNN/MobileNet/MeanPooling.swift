import CSentryKernels

/// The mean over each image: one feature a channel, the end of a backbone.
public final class MeanPooling {
  private let input: ImageMap
  private let context: ComputeContext
  private let kernels: sentry_image_kernels
  /// [batch][channels]
  public let features = FloatBuffer()
  /// Set by whoever reads the features, before ``backward(into:_:)``. [batch][channels]
  public let featureGradient = FloatBuffer()

  public init(_ input: ImageMap, context: ComputeContext) {
    (self.input, self.context, kernels) = (input, context, context.level.imageKernels)
  }

  public var channels: Int { input.channels }

  public func prepare(_ pass: Pass) throws {
    try features.reserve(pass.batch * channels)
    if pass.training { try featureGradient.reserve(pass.batch * channels) }
  }

  /// - Parameter first: the place of the batch's first image among the features, which have room for it.
  public func forward(_ pass: Pass, first: Int = 0) throws {
    let area = input.pixelsPerImage
    try context.run(pass.batch) { image, workspace in
      workspace.timed(.head) {
        kernels.sum(
          area, channels, input.image(image), 1 / Float(area), features.pointer + (first + image) * channels)
      }
    }
  }

  /// - Parameter gradient: gets that of the map.
  func backward(into gradient: UnsafeMutablePointer<Float>, _ pass: Pass) throws {
    let area = input.pixelsPerImage
    try context.run(pass.batch) { image, workspace in
      workspace.timed(.head) {
        let (source, target) = (featureGradient.pointer + image * channels, gradient + input.count(image))
        for pixel in 0..<area {
          for channel in 0..<channels { target[pixel * channels + channel] = source[channel] / Float(area) }
        }
      }
    }
  }
}
