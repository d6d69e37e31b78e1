/// Activations of a batch of images: dense [batch][height][width][channels] in f32.
public final class ImageMap {
  public let channels: Int
  public let height: Int
  public let width: Int
  private let values = FloatBuffer()

  /// - Parameter channels: one, or a multiple of 8.
  public init(channels: Int, height: Int, width: Int) {
    (self.channels, self.height, self.width) = (channels, height, width)
  }

  var pixelsPerImage: Int { height * width }

  /// Values of so many images.
  func count(_ batch: Int) -> Int { batch * pixelsPerImage * channels }

  public func reserve(_ batch: Int) throws { try values.reserve(count(batch)) }

  public var pointer: UnsafeMutablePointer<Float> { values.pointer }

  /// The channels of a pixel of the batch.
  func pixel(_ index: Int) -> UnsafeMutablePointer<Float> { pointer + index * channels }

  func image(_ index: Int) -> UnsafeMutablePointer<Float> { pixel(index * pixelsPerImage) }

  func estimate(_ batch: Int, _ memory: inout MemoryEstimate) { memory.add(floats: count(batch)) }
}
