/// Activations of a batch of sequences, time-major: [steps][batch][channels], with zeros before the first and after the last
/// step, so that a convolution or a recurrence may read past both ends and a shift in time is a shift in memory.
public final class SequenceMap {
  public let channels: Int
  /// Steps of zeros at either end.
  public let margin: Int
  private(set) var steps = 0
  private(set) var batch = 0
  private let buffer = FloatBuffer()

  public init(channels: Int, margin: Int = 0) { (self.channels, self.margin) = (channels, margin) }

  /// Rows of ``channels`` values, all steps together.
  var rows: Int { steps * batch }

  /// Takes the shape; another one than before loses the contents.
  public func reserve(steps: Int, batch: Int) throws {
    guard steps != self.steps || batch != self.batch else { return }
    let count = (steps + 2 * margin) * batch * channels
    try buffer.reserve(count)
    buffer.clear(count)
    (self.steps, self.batch) = (steps, batch)
  }

  /// The first step's first row.
  public var pointer: UnsafeMutablePointer<Float> { buffer.pointer + margin * batch * channels }

  /// The row of a sequence at a step, from -``margin``.
  func step(_ step: Int, row: Int = 0) -> UnsafeMutablePointer<Float> { pointer + (step * batch + row) * channels }

  func row(_ row: Int) -> UnsafeMutablePointer<Float> { pointer + row * channels }

  /// From [batch][steps][channels], as samples are stacked.
  public func fill(batchMajor values: UnsafePointer<Float>) {
    for sample in 0..<batch {
      for step in 0..<steps {
        self.step(step, row: sample).update(from: values + (sample * steps + step) * channels, count: channels)
      }
    }
  }
}
