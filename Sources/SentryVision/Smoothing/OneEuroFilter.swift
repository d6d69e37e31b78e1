import Glibc

/// A low-pass filter that follows fast movements and steadies slow ones: Casiez, Roussel and Vogel, "1 € filter", CHI 2012.
struct OneEuroFilter {
  struct Parameters {
    /// Cut-off of a value at rest, in Hz.
    let minimumCutoff: Double
    /// How much the cut-off grows with the speed.
    let beta: Double
    /// Cut-off of the speed itself, in Hz.
    var speedCutoff = 1.0
  }

  private let parameters: Parameters
  /// Frames a second, until two are known.
  private var frequency = 30.0
  private var time: Double?
  private var (value, speed, raw) = (0.0, 0.0, 0.0)

  init(_ parameters: Parameters) { self.parameters = parameters }

  /// - Parameters:
  ///   - scale: what the speed is measured in, so that near bodies and far ones are treated alike.
  ///   - now: in seconds. A value that is not later than the one before passes as it is.
  mutating func next(_ new: Double, scale: Double, at now: Double) -> Double {
    guard let last = time else {
      (time, value, raw) = (now, new, new)
      return new
    }
    guard now > last else { return new }
    frequency = 1 / (now - last)
    time = now
    speed += weight(parameters.speedCutoff) * ((new - raw) * scale * frequency - speed)
    value += weight(parameters.minimumCutoff + parameters.beta * abs(speed)) * (new - value)
    raw = new
    return value
  }

  /// Of a new value against the old ones.
  private func weight(_ cutoff: Double) -> Double { 1 / (1 + frequency / (2 * .pi * cutoff)) }
}
