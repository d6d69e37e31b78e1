import SentryImaging

extension Image {
  /// Names with their probabilities as bars below each other.
  /// - Parameters:
  ///   - probabilities: 0…1; what is not a number is drawn as 0.
  ///   - corner: the upper left.
  ///   - size: the height of the font in pixels; a bar is as high as a line.
  /// - Returns: the height of all bars.
  @discardableResult
  public mutating func draw(
    bars probabilities: [(name: String, value: Double)], at corner: (x: Int, y: Int), width: Int, size: Int,
    _ colour: Colour
  ) throws(ImagingError) -> Int {
    let line = size + max(2, size / 4)
    for (row, bar) in probabilities.enumerated() {
      let top = corner.y + row * line
      let value = bar.value.isFinite ? max(0, min(1, bar.value)) : 0
      let box = (x: Double(corner.x), y: Double(top), height: Double(line - 1))
      try draw(rectangle: box.x, box.y, width: Double(width), height: box.height, Colour(40, 40, 40), thickness: nil)
      try draw(rectangle: box.x, box.y, width: value * Double(width), height: box.height, colour, thickness: nil)
      let percent = "\(Int((value * 100).rounded())) %"
      let room = try Image.size(of: percent, size: size).width
      let baseline = top + (line - 1 - size) / 2 + size * 4 / 5
      try drawReadable(bar.name, at: (corner.x + 3, baseline), size: size)
      try drawReadable(percent, at: (corner.x + width - room - 3, baseline), size: size)
    }
    return probabilities.count * line
  }

  /// White with a dark shadow, which can be read on the bar and beside it.
  private mutating func drawReadable(_ text: String, at place: (x: Int, y: Int), size: Int) throws(ImagingError) {
    try draw(text: text, at: (place.x + 1, place.y + 1), size: size, .black)
    try draw(text: text, at: place, size: size, .white)
  }
}
