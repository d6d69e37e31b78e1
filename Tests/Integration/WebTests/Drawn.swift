import SentryDrawing
import SentryImaging
import SentryPluginAPI

@testable import SentryInference

/// A drawn video: a ball that grows bright and dull on its way, and a box that waits.
enum Drawn {
  static let (width, height) = (640, 360)
  static let classes = ["bright", "<b>dull</b>", "in between, which is a rather long name"]

  static func frame(_ index: Int) throws -> (image: Tensor, frame: LiveFrame) {
    let time = Double(index) / 10
    let (x, y) = (0.5 + 0.35 * wave(time), 0.5 + 0.25 * wave(time * 1.7 + 1))
    let bright = 0.5 + 0.42 * wave(time * 0.8)
    let between = 0.05 + 0.1 * (0.5 + 0.5 * wave(time * 2))
    var ball = LiveFrame.Sighting(
      detector: "drawn", what: "ball",
      instance: Instance(
        box: .init(x: Float(x) - 0.08, y: Float(y) - 0.14, width: 0.16, height: 0.28), score: 0.9, id: 1))
    ball.answers = [
      .init(
        task: ClassificationTask("shine", classes: classes),
        probabilities: [bright, 1 - bright, between].map { $0 / (1 + between) }),
      .init(task: ClassificationTask("height", classes: ["high", "low"]), probabilities: [1 - y, y]),
    ]
    var square = LiveFrame.Sighting(
      detector: "drawn", what: "square",
      instance: Instance(box: .init(x: 0.04, y: 0.1, width: 0.12, height: 0.2), score: 0.8, id: 2))
    square.waiting = (index % 30, 30)
    let result = LiveFrame(index: index, time: time, width: width, height: height, sightings: [ball, square])
    return (try picture(x, y, bright), result)
  }

  static func jpeg(_ image: Tensor) throws -> [UInt8] {
    guard let pixels = try image.elements(as: UInt8.self).baseAddress else { return [] }
    return try withExtendedLifetime(image) {
      try BorrowedPixels(pixels, width: width, height: height).jpeg(quality: 80)
    }
  }

  private static func picture(_ x: Double, _ y: Double, _ bright: Double) throws -> Tensor {
    var pixels = [UInt8](repeating: 0, count: width * height * 3)
    for row in 0..<height {
      for column in 0..<width {
        let place = (row * width + column) * 3
        (pixels[place], pixels[place + 1]) = (UInt8(40 + row / 6), UInt8(60 + row / 5))
        pixels[place + 2] = UInt8(90 + column / 10)
      }
    }
    let image = Tensor([height, width, 3], pixels)
    guard let base = try? image.elements(as: UInt8.self).baseAddress,
      let canvas = try? Canvas(base, width: width, height: height)
    else { return image }
    let shine = UInt8(80 + 170 * bright)
    let (left, top) = ((x - 0.08) * Double(width), (y - 0.14) * Double(height))
    try canvas.point((x * Double(width), y * Double(height)), radius: 44, Colour(shine, shine, 60))
    try canvas.rectangle(left, top, width: 102, height: 100, Colour(86, 180, 233), thickness: 2)
    try canvas.label(bright > 0.5 ? "bright" : "dull", at: (Int(left), Int(top)), size: 14, Colour(86, 180, 233))
    try canvas.rectangle(26, 36, width: 77, height: 72, Colour(230, 159, 0), thickness: 2)
    return image
  }

  /// Between −1 and 1, of period 4.
  private static func wave(_ time: Double) -> Double {
    let place = time.truncatingRemainder(dividingBy: 4)
    return place < 2 ? 1 - (place - 1) * (place - 1) * 2 : (place - 3) * (place - 3) * 2 - 1
  }
}
