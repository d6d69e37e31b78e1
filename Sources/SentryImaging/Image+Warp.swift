import COpenCV

extension Image {
  /// Shows the image through `map` (from the result to this image): bilinear, black outside.
  ///
  /// Where the map shrinks by more than 2, the image is first reduced by area, so that nothing aliases. OpenCV places
  /// samples to 1/32 of a pixel.
  ///
  /// - Throws: ``ImagingError`` where a size is impossible or OpenCV fails.
  public func warped(by map: Homography, width: Int, height: Int) throws(ImagingError) -> Image {
    let corners: [SIMD2<Double>] = [
      [0, 0], [Double(width), 0], [0, Double(height)], [Double(width), Double(height)],
    ]
    let shrink = corners.map { map.shrink(at: $0) }.reduce([1, 1]) { pointwiseMax($0, $1) }
    // A corner at the horizon of a perspective shrinks without bound; one pixel is the least to reduce to.
    let reducedWidth = shrink.x > 2 ? max(1, Int(Double(self.width) / shrink.x)) : self.width
    let reducedHeight = shrink.y > 2 ? max(1, Int(Double(self.height) / shrink.y)) : self.height
    guard reducedWidth != self.width || reducedHeight != self.height else {
      guard channels == 1, self.width < width, self.height < height else {
        return try sampled(by: map, width: width, height: height)
      }
      return try sampledOverEdge(by: map, width: width, height: height)
    }
    let reduction = Homography.resize(
      source: [reducedWidth, reducedHeight], target: [self.width, self.height])
    return try reducedByArea(width: reducedWidth, height: reducedHeight)
      .sampled(by: reduction * map, width: width, height: height)
  }

  /// As ``sampled(by:width:height:hasBlackEdge:)``, faster where the image is smaller than the result: OpenCV is slow where a
  /// sample reaches over the edge, and need not look there once the image has a black edge of its own.
  func sampledOverEdge(by map: Homography, width: Int, height: Int) throws(ImagingError) -> Image {
    try edged().sampled(by: .translation(1, 1) * map, width: width, height: height, hasBlackEdge: true)
  }

  /// With a black pixel more on every side.
  private func edged() -> Image {
    let (stride, edge) = ((width + 2) * channels, channels)
    var result = [UInt8](repeating: 0, count: stride * (height + 2))
    for row in 0..<height {
      let (from, to) = (row * width * channels, (row + 1) * stride + edge)
      result.replaceSubrange(to..<to + width * channels, with: pixels[from..<from + width * channels])
    }
    return Image(trusted: width + 2, height + 2, channels, result)
  }

  /// The mean over the area that each pixel of the smaller result covers.
  public func reducedByArea(width: Int, height: Int) throws(ImagingError) -> Image {
    try filtered("reduction by area", width: width, height: height) { source, target, message, size in
      sentry_cv_resize_area(source, target, message, size)
    }
  }

  func sampled(
    by map: Homography, width: Int, height: Int, hasBlackEdge: Bool = false
  ) throws(ImagingError) -> Image {
    // OpenCV counts pixel centres, not pixel corners.
    let centred = Homography.translation(-0.5, -0.5) * map * Homography.translation(0.5, 0.5)
    let matrix = [centred.rows.x, centred.rows.y, centred.rows.w].flatMap { [$0.x, $0.y, $0.z] }
    guard matrix.allSatisfy(\.isFinite) else {
      throw .invalidArgument("the map of a warp is not finite: \(matrix)", hint: "check its parameters")
    }
    return try filtered("warp", width: width, height: height) { source, target, message, size in
      sentry_cv_warp(source, target, matrix, hasBlackEdge ? 1 : 0, message, size)
    }
  }
}
