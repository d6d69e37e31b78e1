import SentryPluginAPI
import SentryRuntime

/// What came of a run, as its directory tells.
package struct RunSummary: Sendable {
  package enum State: String, Sendable, Encodable {
    case finished
    case stoppedEarly = "stopped early"
    case interrupted, failed
    /// A process holds the directory.
    case running
    /// No process does, and none said how it ended.
    case killed
  }

  /// As it was named or found.
  package let directory: String
  package let record: RunRecord
  package let history: History
  package let timing: Timing
  package let state: State

  /// Throws ``PluginError`` with the reason where the directory is no whole one of a run.
  package init(_ directory: String) throws {
    self.directory = directory
    let record = try RunRecord.read(at: directory)
    let history = try Self.read(RunDirectory.history, in: directory) ?? History()
    let timing = try Self.read(RunDirectory.timing, in: directory) ?? Timing()
    (self.record, self.history, self.timing) = (record, history, timing)
    guard history.columns.values.allSatisfy({ $0.count == history.epochs.count }) else {
      throw PluginError.badData("\(directory)/\(RunDirectory.history): the columns differ in length")
    }
    let columns = [timing.seconds.count, timing.imagesPerSecond.count, timing.peakMemoryBytes.count]
    guard columns.allSatisfy({ $0 == timing.epoch.count }) else {
      throw PluginError.badData("\(directory)/\(RunDirectory.timing): the columns differ in length")
    }
    state = Self.state(record.sessions.last?.outcome, directory)
  }

  private static func read<Value: Decodable>(_ name: String, in directory: String) throws -> Value? {
    guard let text = try SystemFile.text("\(directory)/\(name)") else { return nil }
    return try JSON.decode(from: text, what: "\(directory)/\(name)")
  }

  private static func state(_ outcome: String?, _ directory: String) -> State {
    guard let outcome else { return RunLock.isHeld(directory) ? .running : .killed }
    if outcome.hasPrefix("stopped early") { return .stoppedEarly }
    if outcome.hasPrefix("interrupted") { return .interrupted }
    return outcome.hasPrefix("failed") ? .failed : .finished
  }

  package var plan: RunPlan { record.plan }
  package var epochsDone: Int { history.epochs.count }
  /// Where the record does not say it, the epoch with the highest validation accuracy.
  package var bestEpoch: Int? { record.best?.epoch ?? history.bestEpoch }

  /// The columns of history.json in the best epoch.
  package var metrics: [String: Double] {
    guard let bestEpoch, let index = history.epochs.lastIndex(of: bestEpoch) else { return [:] }
    return history.columns.compactMapValues { $0[index] }
  }

  /// The tasks that have an accuracy of their own: those of a run of several.
  package var tasks: [String] {
    record.data.train.tasks.map(\.name).filter { history.columns["val_acc/\($0)"] != nil }
  }

  /// Training images a second: the mean of the epochs, each by its time.
  package var imagesPerSecond: Double? {
    let time = zip(timing.imagesPerSecond, timing.seconds).filter { $0.0 > 0 }
    let total = time.reduce(0) { $0 + $1.1 }
    return total > 0 ? time.reduce(0) { $0 + $1.0 * $1.1 } / total : nil
  }
  /// Of all epochs.
  package var seconds: Double? { timing.seconds.isEmpty ? nil : timing.seconds.reduce(0, +) }
  package var peakMemoryBytes: Int? { timing.peakMemoryBytes.max() }
  /// The last CPU that worked on it.
  package var cpu: String? { record.sessions.last?.machine.cpu }

  /// Where and how its model computed last, as far as the model said.
  package var place: ModelPlace { record.sessions.last?.place ?? ModelPlace() }

  /// `3/20, interrupted`.
  package var progress: String {
    "\(epochsDone)/\(plan.run.epochs)" + (state == .finished ? "" : ", \(state.rawValue)")
  }
}
