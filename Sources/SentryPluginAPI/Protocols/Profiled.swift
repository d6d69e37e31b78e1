/// A model or a trainer that measures where its time goes (`sentry.profile/1`).
public protocol Profiled {
  /// Seconds by class of operation since the last call, what threads do side by side counted once. A trainer leaves out
  /// what its model measures. Measuring may begin with the first call: who does not ask does not pay for it.
  func takeProfile() -> [String: Double]
}
