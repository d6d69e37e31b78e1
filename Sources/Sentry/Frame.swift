internal import SentryPluginAPI

/// A picture in memory: 8 bits per channel, red, green and blue, row by row from the upper left corner.
public struct Frame: Sendable, Equatable {
  public let width, height: Int
  /// `height` × `width` × 3 values.
  public let pixels: [UInt8]
  /// Seconds by the clock of its video; 0 for a picture.
  public let time: Double

  /// - Throws: if the pixels are not as many as the size says.
  public init(width: Int, height: Int, pixels: [UInt8], time: Double = 0) throws {
    guard width > 0, height > 0, pixels.count == width * height * 3 else {
      throw PluginError.invalid("\(pixels.count) values do not fill \(width) × \(height) pixels of 3 channels")
    }
    (self.width, self.height, self.pixels, self.time) = (width, height, pixels, time)
  }

  init(_ frame: VideoFrame) throws {
    (height, width) = (frame.image.shape[0], frame.image.shape[1])
    (pixels, time) = (try frame.image.array(of: UInt8.self), frame.time)
  }

  var image: Tensor { Tensor([height, width, 3], pixels) }
}

/// The position of something in a frame, in pixels from the upper left corner.
public struct Rectangle: Sendable, Equatable {
  public let x, y, width, height: Double

  init(_ box: Instance.Box, in frame: Frame) {
    x = Double(box.x) * Double(frame.width)
    y = Double(box.y) * Double(frame.height)
    width = Double(box.width) * Double(frame.width)
    height = Double(box.height) * Double(frame.height)
  }
}
