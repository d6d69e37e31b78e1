/// An open source of frames.
public struct VideoSpecification: Codable, Sendable, Equatable {
  /// Of the upright picture, in pixels.
  public var width, height: Int
  /// Whether frames that are not read in time are lost, as with a camera.
  public var live: Bool
  /// Frames per second, as the source claims; nil if it does not say.
  public var rate: Double?
  /// Seconds, as the source claims.
  public var duration: Double?
  /// Frames, as the source claims.
  public var frames: Int?
  /// Degrees clockwise, by which frames have been turned.
  public var rotation: Int

  public init(
    width: Int, height: Int, live: Bool = false, rate: Double? = nil, duration: Double? = nil, frames: Int? = nil,
    rotation: Int = 0
  ) {
    (self.width, self.height, self.live, self.rate) = (width, height, live, rate)
    (self.duration, self.frames, self.rotation) = (duration, frames, rotation)
  }
}

public struct VideoFrame: Sendable {
  /// uint8 [H, W, 3] RGB, upright.
  public var image: Tensor
  /// Seconds by the clock of the source; may be negative.
  public var time: Double
  /// The number of the frame in the source, from 0.
  public var index: Int

  public init(image: Tensor, time: Double, index: Int) { (self.image, self.time, self.index) = (image, time, index) }
}

/// The cameras of the machine.
public struct CameraList: Codable, Sendable, Equatable {
  public struct Camera: Codable, Sendable, Equatable {
    /// What opens it, for example `0`.
    public var source: String
    public var name: String
    public var path: String
    /// Why it does not open; nil if it does.
    public var problem: String?

    public init(source: String, name: String, path: String, problem: String? = nil) {
      (self.source, self.name, self.path, self.problem) = (source, name, path, problem)
    }
  }
  public var cameras: [Camera]
  /// For example, why there is none.
  public var notes: [String]

  public init(cameras: [Camera], notes: [String] = []) { (self.cameras, self.notes) = (cameras, notes) }
}

/// A rectangle to cut out of an image, in pixels.
public struct ImageRegion: Sendable, Equatable {
  public var x, y, width, height: Double
  /// Radians, clockwise.
  public var rotation: Double

  /// - Parameters:
  ///   - x: of the centre.
  ///   - y: of the centre.
  public init(x: Double, y: Double, width: Double, height: Double, rotation: Double = 0) {
    (self.x, self.y, self.width, self.height, self.rotation) = (x, y, width, height, rotation)
  }
}

/// Something to draw on an image. Positions are parts of the image, as in ``Instance``.
public struct ImageMark: Codable, Sendable, Equatable {
  public enum Kind: String, Codable, Sendable { case box, line, point, text, bar }
  public var kind: Kind
  /// box and bar: x, y, width, height; line: x0, y0, x1, y1; point and text: x, y.
  public var at: [Float]
  /// Red, green, blue; 0…255.
  public var colour: [UInt8]
  public var text: String?
  /// The filled part of a bar, 0…1.
  public var value: Float?

  public init(_ kind: Kind, at: [Float], colour: [UInt8], text: String? = nil, value: Float? = nil) {
    (self.kind, self.at, self.colour, self.text, self.value) = (kind, at, colour, text, value)
  }
}
