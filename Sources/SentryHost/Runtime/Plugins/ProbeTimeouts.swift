/// How often the probe of a file ran out of time. After the first time the next start tries again, because a library that was read from
/// the disk once is there sooner; after the second one the file is left alone for a while, because every start would wait for it.
struct ProbeTimeouts: Codable, Sendable, Equatable {
  /// For how many seconds.
  static let pause = 3600.0

  private(set) var count: Int
  /// When the last one ended, in seconds since 1970.
  private(set) var end: Double

  /// - Parameters:
  ///   - former: those that were known of the same file.
  ///   - start: when the probe that ran out of time began. What ended later was another start's probe at the same time, and is no
  ///     second attempt.
  init(after former: ProbeTimeouts?, start: Double, end: Double) {
    guard let former else {
      (count, self.end) = (1, end)
      return
    }
    (count, self.end) = (former.end <= start ? former.count + 1 : former.count, end)
  }

  /// A clock that was put back ends it.
  func isRemembered(at now: Double) -> Bool { count > 1 && (0..<Self.pause).contains(now - end) }

  /// A result with what becomes of the file.
  func explaining(_ result: ProbeResult, at now: Double) -> ProbeResult {
    var result = result
    guard isRemembered(at: now) else {
      result.hint = "the next start tries again; if it fails again, repair or remove the file"
      return result
    }
    let minutes = max(1, Int(((Self.pause - (now - end)) / 60).rounded(.up)))
    result.reason = result.reason.map { "\($0), twice or more" }
    result.hint =
      "it is tried again in \(minutes) min or when it changes, and at once by: sentry plugins list --probe"
    return result
  }
}
