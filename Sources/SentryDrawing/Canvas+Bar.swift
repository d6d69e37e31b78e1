import SentryImaging

extension Canvas {
  /// A horizontal bar with its name on it.
  /// - Parameter value: the filled part, 0…1; what is not a number is drawn as 0.
  public func bar(
    _ left: Double, _ top: Double, width: Double, height: Double, value: Double, name: String, _ colour: Colour
  ) throws(ImagingError) {
    let value = value.isFinite ? max(0, min(1, value)) : 0
    try rectangle(left, top, width: width, height: height, .ground, thickness: nil)
    try rectangle(left, top, width: value * width, height: height, colour, thickness: nil)
    guard height >= 6, left.magnitude < 1e7, top.magnitude < 1e7 else { return }
    let size = Int(height * 0.75)
    let place = (x: Int(left) + 3, y: Int(top + (height - Double(size)) / 2) + Self.baseline(size))
    // White with a dark shadow can be read on the bar and beside it.
    try text(name, at: (place.x + 1, place.y + 1), size: size, .black)
    try text(name, at: place, size: size, .white)
  }
}
