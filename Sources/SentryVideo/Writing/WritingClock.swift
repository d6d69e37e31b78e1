/// Times as whole parts of a second that increase from 0 or above.
struct WritingClock {
  static let ticks: Int32 = 90_000

  private var offset = 0.0
  private var last: Int64?
  /// Between the last two frames; of a single one, a 25th of a second.
  private(set) var lastStep = Int64(Self.ticks) / 25

  mutating func stamp(_ seconds: Double, _ place: String) throws(VideoError) -> Int64 {
    guard seconds.isFinite, abs(seconds) < 1e9 else { throw invalid("the time \(seconds) s", place) }
    if last == nil, seconds < 0 { offset = -seconds }
    let stamp = Int64(((seconds + offset) * Double(Self.ticks)).rounded())
    if let last {
      guard stamp > last else {
        throw invalid("a frame at \(seconds) s after one at \(Double(last) / Double(Self.ticks) - offset) s", place)
      }
      lastStep = stamp - last
    }
    last = stamp
    return stamp
  }

  private func invalid(_ what: String, _ place: String) -> VideoError {
    VideoError(.invalidArgument, place: place, what, hint: "times are seconds, and each is later than the one before")
  }
}
