import SentryPluginAPI

extension SupervisedTrainer: Profiled {
  func takeProfile() -> [String: Double] {
    defer { seconds = [:] }
    return seconds
  }

  func timed<Result>(_ part: String, _ body: () throws -> Result) rethrows -> Result {
    let start = ContinuousClock.now
    defer {
      let time = (ContinuousClock.now - start).components
      seconds[part, default: 0] += Double(time.seconds) + Double(time.attoseconds) * 1e-18
    }
    return try body()
  }
}
