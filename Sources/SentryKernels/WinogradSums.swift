/// Sums of a channel over the pixels of some tiles, in float until they are added to the doubles.
struct TileSums {
  /// After a tile's own place in the scratch, 24 and 16 times sixteen: two times `channels` floats.
  private let start: Target
  private let channels: Int

  @inline(__always) init(_ scratch: Target, _ channels: Int) {
    (start, self.channels) = (scratch + 40 * 16, channels)
    clear()
  }

  @inline(__always) private func clear() {
    var index = 0
    while index < 2 * channels {
      store(Lanes(repeating: 0), start + index)
      index += 16
    }
  }

  @inline(__always) func add(_ first: Lanes, _ second: Lanes, _ channel: Int) {
    store(load(start + channel) + first, start + channel)
    store(load(start + channels + channel) + second, start + channels + channel)
  }

  @inline(__always) func flush(into first: Sums, _ second: Sums) {
    var channel = 0
    while channel < channels {
      accumulate(load(start + channel), into: first + channel)
      accumulate(load(start + channels + channel), into: second + channel)
      channel += 16
    }
    clear()
  }
}
