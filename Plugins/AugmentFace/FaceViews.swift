import SentryImaging

/// The ways to show a network one face several times, without randomness.
enum FaceViews: String, CaseIterable, Sendable {
  /// As in evaluation, and its mirror image.
  case flip
  /// torchvision's `TenCrop`: the four corners and the centre of a picture that is larger by the standard set's margin, and the
  /// mirror images of these.
  case tenCrop = "ten-crop"

  var count: Int {
    switch self {
    case .flip: 2
    case .tenCrop: 10
    }
  }

  var help: String {
    switch self {
    case .flip: "the face and its mirror image"
    case .tenCrop: "the corners and the centre of the face, a seventh larger, and their mirror images"
    }
  }

  /// Writes a view, [1, size, size] in −1…1.
  ///
  /// - Precondition: `view` is one of the ``count`` views, and `target` has room for size × size values.
  /// - Throws: ``ImagingError`` where no picture can have that size.
  func write(_ view: Int, of image: Image, size: Int, into target: UnsafeMutableBufferPointer<Float>)
    throws(ImagingError)
  {
    precondition(view < count && target.count >= size * size, "no such view, or no room for it")
    switch self {
    case .flip:
      try image.evaluationInput(size: size, into: target)
      if view == 1 { Self.mirror(target, size: size) }
    case .tenCrop:
      let margin = try FaceAugmentation.standardMargin(size: size)
      let side = size + margin
      let centre = Int((Double(margin) / 2).rounded(.toNearestOrEven))
      let corners = [(0, 0), (margin, 0), (0, margin), (margin, margin), (centre, centre)]
      let (left, top) = corners[view % corners.count]
      let crop = try image.resizedAntialiased(width: side, height: side).grey()
        .cropped(left: left, top: top, width: size, height: size)
      crop.normalise(into: target)
      if view >= corners.count { Self.mirror(target, size: size) }
    }
  }

  private static func mirror(_ picture: UnsafeMutableBufferPointer<Float>, size: Int) {
    for row in stride(from: 0, to: size * size, by: size) { picture[row..<row + size].reverse() }
  }
}
