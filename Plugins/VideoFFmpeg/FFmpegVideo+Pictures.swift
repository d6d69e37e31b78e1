import SentryDrawing
import SentryImaging
import SentryPluginAPI

extension FFmpegVideo: PictureEditing {
  func cut(_ region: ImageRegion, from image: Tensor) throws -> Tensor { try Pictures.cut(region, from: image) }
  func draw(_ marks: [ImageMark], on image: Tensor) throws { try Pictures.draw(marks, on: image) }
  func jpeg(of image: Tensor, quality: Int) throws -> Tensor { try Pictures.jpeg(of: image, quality: quality) }
}

/// What is done with pictures.
enum Pictures {
  static func cut(_ region: ImageRegion, from image: Tensor) throws -> Tensor {
    let sides = [region.width, region.height].map { $0.rounded() }
    guard sides.allSatisfy({ $0 >= 1 && $0 <= 16_384 }) else {
      throw PluginError.invalid(
        "a rectangle of \(region.width)×\(region.height) pixels", hint: "sides go from 1 to 16384 pixels")
    }
    let (width, height) = (Int(sides[0]), Int(sides[1]))
    let result = Tensor([height, width, 3], .uint8)
    try image.withPicture { pixels, imageWidth, imageHeight in
      try result.withPicture { target, _, _ in
        try BorrowedPixels(pixels, width: imageWidth, height: imageHeight).cut(
          centre: (region.x, region.y), width: width, height: height, rotation: region.rotation, into: target)
      }
    }
    return result
  }

  static func draw(_ marks: [ImageMark], on image: Tensor) throws {
    try image.withPicture { pixels, width, height in
      let canvas = try Canvas(pixels, width: width, height: height)
      for mark in marks { try canvas.draw(mark) }
    }
  }

  static func jpeg(of image: Tensor, quality: Int) throws -> Tensor {
    let file = try image.withPicture { pixels, width, height in
      try BorrowedPixels(pixels, width: width, height: height).jpeg(quality: quality)
    }
    return Tensor([file.count], file)
  }
}

extension Canvas {
  func draw(_ mark: ImageMark) throws {
    let places: Int = [.point, .text].contains(mark.kind) ? 2 : 4
    guard mark.at.count == places, mark.colour.count == 3 else {
      throw PluginError.invalid(
        "a mark of kind \(mark.kind.rawValue) with \(mark.at.count) positions and \(mark.colour.count) parts of a colour",
        hint: "it takes \(places) positions and a red, green and blue")
    }
    let colour = Colour(mark.colour[0], mark.colour[1], mark.colour[2])
    let at = mark.at.enumerated().map { Double($1) * Double($0 % 2 == 0 ? width : height) }
    switch mark.kind {
    case .box: try rectangle(at[0], at[1], width: at[2], height: at[3], colour, thickness: stroke)
    case .line: try line(from: (at[0] - 0.5, at[1] - 0.5), to: (at[2] - 0.5, at[3] - 0.5), colour, thickness: stroke)
    case .point: try point((at[0] - 0.5, at[1] - 0.5), radius: Double(stroke) * 1.5, colour)
    case .text:
      guard let corner = corner(at) else { return }
      try label(mark.text ?? "", at: corner, size: letters, colour)
    case .bar:
      try bar(
        at[0], at[1], width: at[2], height: at[3], value: Double(mark.value ?? 0), name: mark.text ?? "", colour)
    }
  }

  /// What sizes depend on: the rows, of an upright picture those of one that lies and is as wide.
  private var rows: Int { min(height, width * 3 / 4) }
  /// The width of lines: 2 pixels for 360 rows.
  private var stroke: Int { max(1, Int((Double(rows) / 180).rounded())) }
  /// The height of letters: 14 pixels for 360 rows.
  private var letters: Int { max(10, rows * 14 / 360) }

  private func corner(_ at: [Double]) -> (x: Int, y: Int)? {
    guard at.allSatisfy({ $0.isFinite && $0.magnitude < 1e7 }) else { return nil }
    return (Int(at[0]), Int(at[1]))
  }
}
