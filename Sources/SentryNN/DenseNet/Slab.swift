import CSentryKernels

/// Pixels of a group of images that one kernel call covers in a 3×3 convolution's scratch: all of them where the layout is
/// NHWC, one image where it is Winograd's (16 channels of all pixels, then the next 16).
struct Slab {
  let first: Int
  let pixels: Int
  private let blocked: Bool

  static func all(_ images: Int, _ area: Int, _ shape: ConvolutionShape) -> [Slab] {
    guard shape.algorithm == .winograd else { return [Slab(first: 0, pixels: images * area, blocked: false)] }
    return (0..<images).map { Slab(first: $0 * area, pixels: area, blocked: true) }
  }

  func view(_ scratch: Elements, _ channels: Int) -> sentry_view { view(rows(scratch + first * channels, channels)) }

  func view(_ scratch: UnsafeMutablePointer<Float>, _ channels: Int) -> sentry_view {
    view(rows(scratch + first * channels, channels))
  }

  private func view(_ rows: sentry_view) -> sentry_view {
    blocked ? sentry_view(data: rows.data, pixel: 16, group: pixels * 16) : rows
  }
}
