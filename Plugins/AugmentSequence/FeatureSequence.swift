/// [frames, features], row by row.
struct FeatureSequence: Sendable, Equatable {
  var values: [Float]
  let frames: Int
  let features: Int

  /// The sequence at other moments, with linear interpolation between frames; before the first and after the last it stands
  /// still.
  func resampled(at times: (_ frame: Int) -> Float) -> FeatureSequence {
    var result = self
    for frame in 0..<frames {
      let time = min(max(times(frame), 0), Float(frames - 1))
      let first = min(Int(time), frames - 1)
      let (second, part) = (min(first + 1, frames - 1), time - Float(first))
      for feature in 0..<features {
        let (a, b) = (values[first * features + feature], values[second * features + feature])
        result.values[frame * features + feature] = part == 0 ? a : a + (b - a) * part
      }
    }
    return result
  }
}
